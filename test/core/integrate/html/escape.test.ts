import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { code, prose } from '../../../../src/core/integrate/html/ink.js';
import { html } from '../../../../src/core/integrate/html/markup.js';
import { htmlOf } from '../../../../src/core/integrate/html.js';
import type { Report } from '../../../../src/core/integrate/report.js';
import { oneLine } from '../../../../src/core/integrate/wording/unseen.js';
import { anyReport } from './anyReport.js';
import { isElement, type Node, nodesOf, wordsOf } from './dom.js';

/** Every element that a page may have, and its attributes with what they may be; none of them can come of what a report holds. */
const ALLOWED: { readonly [element: string]: { readonly [attribute: string]: RegExp } } = {
  ...Object.fromEntries(
    [
      ...[
        'head',
        'title',
        'style',
        'body',
        'main',
        'header',
        'footer',
        'h1',
        'h2',
        'h3',
        'h4',
        'li',
        'p',
        'b',
        'em',
        'strong',
        'small',
      ],
      ...[
        'code',
        'blockquote',
        'dt',
        'dd',
        'thead',
        'tbody',
        'tr',
        'table',
        'summary',
        'figure',
        'figcaption',
        'dl',
      ],
    ].map((name) => [name, {}]),
  ),
  html: { lang: /^en$/ },
  meta: {
    charset: /^utf-8$/,
    'http-equiv': /^Content-Security-Policy$/,
    name: /^(viewport|color-scheme|referrer)$/,
    content:
      /^(default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'|width=device-width, initial-scale=1|light dark|no-referrer)$/,
  },
  section: { id: /^[a-z]+$/, 'aria-labelledby': /^[a-z]+-title$/ },
  nav: { 'aria-label': /^Contents$/ },
  aside: { 'aria-label': /^Briefs named in this report$/ },
  a: { href: /^#[a-z]+$/ },
  i: {},
  button: {
    type: /^button$/,
    popovertarget: /^brief-\d+$/,
    popovertargetaction: /^show$/,
    interestfor: /^brief-\d+$/,
  },
  div: { popover: /^$/, id: /^brief-\d+$/, role: /^group$/, 'aria-label': /^/, tabindex: /^0$/ },
  details: {},
  caption: {},
  th: { scope: /^(col|row)$/, 'data-head': /^/ },
  td: { 'data-head': /^/ },
  ul: {},
  ol: { start: /^\d+$/ },
  span: { 'aria-hidden': /^true$/ },
  svg: {
    width: /^100%$/,
    height: /^\d+$/,
    viewBox: /^[\d ]+$/,
    preserveAspectRatio: /^none$/,
    'aria-hidden': /^true$/,
  },
  rect: { x: /^[\d.]+%$/, width: /^[\d.]+%$/, y: /^\d+$/, height: /^\d+$/, rx: /^\d$/ },
  path: { d: /^[MVHZ\d. ]+$/ },
};
const EVERYWHERE = { class: /^[a-z]+( [a-z]+)?$/, 'aria-hidden': /^true$/, id: /^[a-z]+-title$/ };

function unexpected(nodes: readonly Node[]): string[] {
  return nodes.flatMap((node) => {
    if (node.nodeName === '#comment') return ['a comment'];
    if (!isElement(node)) return [];
    const allowed = ALLOWED[node.tagName];
    if (!allowed) return [`<${node.tagName}>`];
    return node.attrs
      .filter(({ name, value }) => !{ ...EVERYWHERE, ...allowed }[name]?.test(value))
      .map(({ name, value }) => `<${node.tagName} ${name}="${value}">`);
  });
}

/** However it breaks its lines, and without the backticks that code came in. */
const squeezed = (text: string): string => oneLine(text).replace(/[\s`]+/g, '');

const HOSTILE = [
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  "' onmouseover='alert(1)",
  '" style="display:none" x="',
  'javascript:alert(1)',
  '<a href="javascript:alert(1)">here</a>',
  '[here](javascript:alert(1)) https://example.com/?a=1&b=2 www.example.com',
  '</style><style>*{display:none}',
  '</title><base href="https://example.com">',
  '<!-- ',
  '--> ]]>',
  '<meta http-equiv="refresh" content="0;url=https://example.com">',
  '</td></tr></table></section></main>',
  '<button popovertarget="brief-0">',
  '&lt;b&gt; &#60; &copy; &amp;amp;',
  '`<b>` and ``',
  '\u001b[31mred\u001b[0m \u202eesrever \u0000\u0008\ufeff\u200b',
  'line\u2028separator\rreturn\r\nboth',
  '__proto__',
  '\ud83d\ude00 عربى 漢字',
];
const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc
    .array(fc.constantFrom(...HOSTILE, ...'<>&"\'`=/ \t\n-!'), { maxLength: 6 })
    .map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

describe('what briefs say, in a page', () => {
  it('of any report makes no element and no attribute but those of the page itself', () => {
    fc.assert(
      fc.property(anyReport(text), ({ report, plan }) => {
        expect(unexpected(nodesOf(htmlOf(report, plan)))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is read as it was said, wherever it stands', () => {
    fc.assert(
      fc.property(anyReport(text), ({ report, plan }) => {
        const words = squeezed(wordsOf(nodesOf(htmlOf(report, plan))));
        for (const [what, said] of saidIn(report))
          expect({ what, there: words.includes(squeezed(said)) }).toEqual({ what, there: true });
      }),
      { numRuns: 300 },
    );
  });

  it('names places of the page that are there, and each of them once', () => {
    fc.assert(
      fc.property(anyReport(text), ({ report, plan }) => {
        const elements = nodesOf(htmlOf(report, plan)).filter(isElement);
        const values = (attribute: string) =>
          elements.flatMap(({ attrs }) =>
            attrs.filter(({ name }) => name === attribute).map(({ value }) => value),
          );
        const ids = values('id');
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids).toEqual(
          expect.arrayContaining([
            ...values('popovertarget'),
            ...values('aria-labelledby'),
            ...values('href').map((href) => href.slice(1)),
          ]),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('stays within its element and its attribute', () => {
    fc.assert(
      fc.property(text, (said) => {
        const page = html`<!doctype html><html lang="en"><head><title>x</title></head><body><p class="${said}">${said}${prose(said)}${code(said)}</p></body></html>`;
        const tags = nodesOf(page.text)
          .filter(isElement)
          .map(({ tagName, attrs }) => [tagName, ...attrs.map(({ name }) => name)].join(' '));
        expect(tags.filter((tag) => tag !== 'code')).toEqual([
          'html lang',
          'head',
          'title',
          'body',
          'p class',
        ]);
      }),
      { numRuns: 500, examples: HOSTILE.map((one) => [one]) },
    );
  });

  it('shows no character that steers a terminal or turns the direction of text', () => {
    expect(html`${'\u001b[31mred\u202e \u0007'}`.text).toBe('\ufffd[31mred\ufffd \ufffd');
    fc.assert(
      fc.property(anyReport(text), ({ report, plan }) => {
        const page = htmlOf(report, plan).replaceAll('\n', '');
        expect(page.match(/[\p{Cc}\p{Bidi_Control}]/gu)).toBeNull();
      }),
      { numRuns: 100 },
    );
  });
});

/** Where each of them is shown whole: what is cut or left out on purpose is not among them. */
function saidIn({ answer, run }: Report): readonly (readonly [string, string])[] {
  return [
    ['name', answer.name],
    ['brief', answer.brief.trimEnd()],
    ['run', run.id],
    ...answer.requirements.flatMap(
      ({ says, evidence, unsupported = [] }) =>
        [
          ['requirement', says],
          ['evidence', evidence],
          ...unsupported.flatMap(({ at, cites, findings }) => [
            ['statement', at] as const,
            ...cites.map((label) => ['cited', label] as const),
            ...findings.map(({ token }) => ['token', token] as const),
          ]),
        ] as const,
    ),
    ...answer.missing.flatMap(
      ({ why, wouldHaveGiven }) =>
        [
          ['why', why],
          ['would have given', wouldHaveGiven],
        ] as const,
    ),
    ...answer.conflicts.flatMap(({ field, values, judge }) => [
      ...(judge === undefined ? [] : [['judge', judge] as const]),
      ['field', field] as const,
      ...values.flatMap(({ value, by }) => [
        ...(typeof value === 'string' && value.length <= 240 ? [['value', value] as const] : []),
        ...by.map((label) => ['voice', label] as const),
      ]),
    ]),
    ...answer.duplicates.flatMap(({ in: name, near = [] }) => [
      ['duplicate', name] as const,
      ...near.flatMap(({ value, by }) => [
        ...(typeof value === 'string' && value.length <= 240 ? [['other words', value] as const] : []),
        ['in other words', by] as const,
      ]),
    ]),
    ...(answer.prose?.sections ?? []).flatMap(({ title, paragraphs, rejected = [], failed }) => [
      ['title', title] as const,
      ...paragraphs
        .flat()
        .flatMap(({ text, cites }) => [
          ['sentence', text] as const,
          ...cites.map((label) => ['rests on', label] as const),
        ]),
      ...rejected.map(({ text }) => ['rejected', text] as const),
      ...(failed === undefined ? [] : [['no text', failed] as const]),
    ]),
    ...(answer.unreduced ?? []).flatMap(({ in: name, why }) => [
      ['unreduced', name] as const,
      ['why not', why] as const,
    ]),
    ...(answer.dropped ?? []).flatMap(({ in: name, by }) => [
      ['dropped', name] as const,
      ...by.map((label) => ['dropped of', label] as const),
    ]),
    ...(answer.verified?.finding !== undefined && !answer.verified.holds
      ? [['finding', answer.verified.finding] as const]
      : []),
    ...Object.keys(answer.data).map((name) => ['collection', name] as const),
    ...(answer.files?.changes.map(({ path }) => ['file', path] as const) ?? []),
    ...(answer.files?.strays.flatMap(({ paths }) => paths.map(({ path }) => ['stray', path] as const)) ?? []),
    ...(run.repairs?.flat().map(({ label }) => ['sent back', label] as const) ?? []),
    ...(run.integrator?.models?.map((model) => ['model asked', model] as const) ?? []),
    ...(run.models?.map(({ model }) => ['model', model] as const) ?? []),
  ];
}
