import type { Plan } from '../plan/plan.js';
import { answerSection } from './html/answer.js';
import { cards } from './html/cards.js';
import { disagreements, repetitions } from './html/differences.js';
import { mergedFiles } from './html/files.js';
import { head } from './html/head.js';
import { howItWent } from './html/howItWent.js';
import { pageInk } from './html/ink.js';
import { judgement, missing } from './html/judgement.js';
import { type Html, html } from './html/markup.js';
import { STYLE, STYLE_HASH } from './html/style.js';
import { whereFrom } from './html/whereFrom.js';
import type { Report } from './report.js';

/**
 * `report.html`: what `report.md` says, as one page that needs nothing else. It has no script, and its policy lets it load, send
 * and run nothing. What briefs said is text (see html/markup).
 */
export function htmlOf(report: Report, plan: Plan): string {
  const { answer, run } = report;
  const ink = pageInk(answer);
  const top = head(report, ink);
  const sections: readonly Html[] = [
    section('answer', 'The answer', answerSection(report, plan, ink)),
    section('asked', 'Is it what was asked?', judgement(report, plan, ink)),
    section('missing', 'What is missing', missing(report, plan, ink)),
    section('differences', 'Where sources disagreed', disagreements(report, plan, ink)),
    section('twice', 'What was said twice', repetitions(report, plan, ink)),
    ...(answer.files ? [section('files', 'Files', mergedFiles(answer.files, report, plan, ink))] : []),
    section('sources', 'Where this comes from', whereFrom(report, plan, ink)),
    section('course', 'How it went', howItWent(report, plan, ink)),
  ];
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${STYLE_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${run.status}: ${answer.name} (${run.id})</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${top}
${sections}
</main>
${cards(report, plan, ink)}
<footer>
<p>Everything here is in <code>report.json</code>, which lies beside this page, and more.</p>
</footer>
</body>
</html>
`.text;
}

const section = (id: string, title: string, content: Html): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${content}
</section>
`;
