import { labelOf } from '../../core/integrate/expected.js';
import { standing } from '../../core/integrate/files/collision.js';
import type { Conflict } from '../../core/integrate/merge/merged.js';
import type { Answer, Report } from '../../core/integrate/report.js';
import { totalAt } from '../../core/integrate/wide/parts.js';
import { totalsOf } from '../../core/integrate/wording/apart.js';
import { inKinds } from '../../core/integrate/wording/files.js';
import { anewInWords, listed, tallyOf } from '../../core/integrate/words.js';
import { boundedBy } from './boundedBy.js';
import { clean, cut, hang, widthOf } from './columns.js';
import { lacks } from './lacks.js';
import type { Look, Paint } from './look.js';
import { mark, statuses } from './marks.js';
import { count, span, thousands, times } from './quantities.js';

export interface Ending {
  readonly report: Report;
  /** Where the reports were written, as a person would type it here. */
  readonly folder: string;
  /** There is a `report.html` among them. */
  readonly page: boolean;
}

const HEAD = 15;
const LONGEST_MODEL = 60;

/** How a run ended: the answer first, then what is missing, then why and how. */
export function endView({ report, folder, page }: Ending, look: Look): string[] {
  const { answer, run } = report;
  const { paint } = look;
  const section = (head: string, text: string, more: readonly string[] = []): string[] =>
    text ? [...hang(` ${head.padEnd(HEAD)}`, text, look.width), ...more] : [];
  return [
    headline(report, look),
    '',
    ...section('rules', rules(report)),
    ...section(
      'answer',
      [collections(answer), `digest ${run.answer.slice(0, 4)}…${run.answer.slice(-2)}`]
        .filter(Boolean)
        .join(' · '),
    ),
    ...section('answered by', models(report.run, paint)),
    ...section(
      'requirements',
      tally(
        answer.requirements.map(({ status }) => status),
        paint,
      ),
      unmet(answer, look),
    ),
    ...section('briefs', `${thousands(answer.ledger.length)}: ${statuses(run.counts, paint)}`, [
      ...holes(answer, look),
      ...fallbacks(answer, look),
    ]),
    ...section('verified', verified(answer, paint)),
    ...section('conflicts', conflicts(answer)),
    ...section('files', files(answer), collisions(answer, look)),
    ...section('duplicates', duplicates(answer)),
    ...section('apart', apart(answer)),
    ...section('used again', usedAgain(report)),
    ...section('carried out by', work(report)),
    ...section('bounded by', run.boundedBy ? clean(boundedBy(run.boundedBy)) : ''),
    '',
    ` ${paint.bold('report')}   ${clean(folder)}/${page ? 'report.html   ' : ''}report.md   report.json`,
    ` ${paint.bold('read')}     muster result ${clean(run.id)}${by(run)} --markdown`,
    ...(answer.files && answer.files.changes.length > 0 && !run.integrated
      ? [` ${paint.bold('files')}    muster result ${clean(run.id)} --files FOLDER`]
      : []),
    ...(answer.apart
      ? [` ${paint.bold('all')}      muster result ${clean(run.id)}${by(run)} --apart FOLDER`]
      : []),
    ...(answer.missing.length > 0
      ? [` ${paint.bold('again')}    muster rerun ${clean(run.id)} --failed`]
      : []),
  ];
}

/** Where they are not the run's own. */
const rules = ({ run: { integrated, id } }: Report): string =>
  integrated
    ? `${clean(integrated.file ?? integrated.plan.slice(0, 12))}, instead of its own; no brief was carried out. By its own: muster result ${clean(id)}`
    : '';

const by = ({ integrated }: Report['run']): string =>
  integrated?.file === undefined ? '' : ` --integrate ${clean(integrated.file)}`;

function headline({ answer, run }: Report, { paint, width }: Look): string {
  const faster = run.ratio >= 1.05 ? `, ${times(run.ratio)} faster` : '';
  const id = cut(run.id, 24);
  const tail = `${mark(run.status, paint)}  ${span(run.wallMs)}  (sum of briefs ${span(run.sumMs)}${faster})`;
  return `${paint.bold(cut(answer.name, Math.max(12, width - widthOf(id) - widthOf(tail) - 4)))}  ${id}  ${tail}`;
}

/** `41 findings · 120 files`: how much there is of each collection. */
function collections(answer: Answer): string {
  return Object.entries(answer.data)
    .map(([name, value]) =>
      Array.isArray(value)
        ? `${thousands(totalAt(answer, `data.${name}`, value.length))} ${clean(name)}`
        : clean(name),
    )
    .join(' · ');
}

const IN_ORDER = ['covered', 'missing', 'contradicted', 'unchecked'] as const;

function tally(all: readonly (typeof IN_ORDER)[number][], paint: Paint): string {
  return IN_ORDER.map((status) => [status, all.filter((one) => one === status).length] as const)
    .filter(([, n]) => n > 0)
    .map(([status, n]) =>
      status === 'missing' || status === 'contradicted' ? paint.yellow(`${n} ${status}`) : `${n} ${status}`,
    )
    .join(' · ');
}

function unmet({ requirements }: Answer, look: Look): string[] {
  const open = requirements.filter(({ status }) => status === 'missing' || status === 'contradicted');
  return lacks(
    open.map(({ id, status, evidence }) => ({ status, name: id, why: evidence })),
    look,
  );
}

function holes({ missing }: Answer, look: Look): string[] {
  return lacks(
    missing.map(({ status, why, ...hole }) => ({ status, name: labelOf(hole), why })),
    look,
  );
}

/** What was delivered in a brief's place, and why. */
function fallbacks({ ledger }: Answer, look: Look): string[] {
  const all = ledger.flatMap(({ fallback, status, reason, ...row }) =>
    fallback
      ? [{ status, name: labelOf(row), why: `by its fallback (${fallback}): ${reason?.message ?? ''}` }]
      : [],
  );
  return lacks(all, look);
}

function verified({ verified }: Answer, paint: Paint): string {
  if (!verified) return '';
  return verified.holds
    ? 'the check of the plan holds'
    : `${paint.red('does not hold')}: ${clean(verified.finding ?? 'no reason given')}`;
}

/** `7 decided (prefer licences 4, majority 3) · 2 kept both`. */
function conflicts(answer: Answer): string {
  const all: readonly Conflict[] = answer.conflicts;
  const more = totalsOf(answer).conflicts - all.length;
  const decided = all.filter(({ kept }) => kept !== undefined);
  const byRule = new Map<string, number>();
  for (const { rule = '' } of decided) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  const rules = [...byRule].map(([rule, n]) => `${rule} ${n}`).join(', ');
  const failed = all.filter(({ rule }) => rule === 'fail').length;
  const both = all.length - decided.length - failed;
  return clean(
    [
      decided.length ? `${decided.length} decided (${rules})` : '',
      both ? `${both} kept both` : '',
      failed ? `${failed} that nobody may decide` : '',
      more ? `${thousands(more)} more apart` : '',
    ]
      .filter(Boolean)
      .join(' · '),
  );
}

/** `7 added, 1 modified · 2 collisions (prefer api 1, fail 1) · 1 change not kept (web)`. */
function files({ files }: Answer): string {
  if (!files) return '';
  const { collisions, strays } = files;
  const rules = [...tallyOf(collisions.map(({ rule = 'kept both' }) => rule))];
  const outside = strays.reduce((sum, { paths }) => sum + paths.length, 0);
  return clean(
    [
      inKinds(files) || 'none',
      collisions.length > 0 &&
        `${count(collisions.length, 'collision')} (${rules.map(([rule, n]) => `${rule} ${n}`).join(', ')})`,
      outside > 0 && `${count(outside, 'change')} not kept (${strays.map(({ by }) => by).join(', ')})`,
    ]
      .filter(Boolean)
      .join(' · '),
  );
}

/** The paths that collided, and whose value stands. */
function collisions({ files }: Answer, look: Look): string[] {
  return lacks(
    (files?.collisions ?? []).map((collision) => {
      const { path, values, kept } = collision;
      const stands = standing(collision);
      const rest = values.filter((one) => one !== stands).flatMap(({ by }) => by);
      const others = kept === undefined ? 'beside it' : 'lost';
      return {
        status: 'collision',
        name: path,
        why: `from ${listed(stands?.by ?? [])}; ${others}: ${listed(rest)}.`,
      };
    }),
    look,
  );
}

function duplicates(answer: Answer): string {
  const { duplicates } = answer;
  const removed = duplicates.reduce((sum, { by }) => sum + by.length - 1, 0);
  const more = totalsOf(answer).duplicates - duplicates.length;
  return [
    removed > 0 && `${thousands(removed)} removed`,
    more > 0 && `of ${thousands(more)} more items apart`,
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What is too long for the report. */
const apart = ({ apart = [] }: Answer): string =>
  clean(listed(apart.map(({ at, count }) => `${thousands(count)} of answer${at.slice(1)}`)));

/** `288 results of f3a1 · carried out: 12 failed there, 3 changed: argv`. */
function usedAgain({ run: { reused, rerunOf, briefs } }: Report): string {
  if (reused === 0 && rerunOf === undefined) return '';
  const why = [...tallyOf(briefs.flatMap(({ anew }) => (anew ? [anewInWords(anew)] : [])))];
  const results = `${count(reused, 'result')}${rerunOf === undefined ? '' : ` of ${clean(rerunOf)}`}`;
  return [results, why.length > 0 && `carried out: ${why.map(([words, n]) => `${n} ${words}`).join(', ')}`]
    .filter(Boolean)
    .join(' · ');
}

/** `gpt-5-mini (12 briefs)`; that nobody thought is said beside the name. */
function models({ models = [] }: Report['run'], paint: Paint): string {
  return models
    .map(({ model, briefs, simulated }) => {
      const name = `${cut(model, LONGEST_MODEL)} (${count(briefs, 'brief')})`;
      return simulated ? paint.yellow(`${name}, simulated: a stand-in, no model`) : name;
    })
    .join(' · ');
}

function work({ run: { agents, tries, usage, takenUpAgain } }: Report): string {
  const { inputTokens, outputTokens } = usage ?? {};
  const tokens =
    inputTokens === undefined && outputTokens === undefined
      ? ''
      : `${thousands((inputTokens ?? 0) + (outputTokens ?? 0))} tokens`;
  const calls = usage?.calls === undefined ? '' : count(usage.calls, 'tool call');
  const again = takenUpAgain ? `${takenUpAgain} taken up again after a worker fell silent` : '';
  return [count(agents, 'agent'), tries === 1 ? '1 try' : `${thousands(tries)} tries`, tokens, calls, again]
    .filter(Boolean)
    .join(' · ');
}
