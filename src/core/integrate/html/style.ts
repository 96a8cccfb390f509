import { html } from './markup.js';

/** The look of the page: the reader's own fonts, light and dark, on a phone and on paper. */
export const STYLE = html`
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --raised: #ffffff; --ink: #1d2126; --soft: #59606a; --line: #dfdbd2;
  --accent: #1a5a9e; --good: #1c683b; --wary: #855000; --bad: #a3262f;
  --text: system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
  --title: "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", Georgia, serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --raised: #1f2228; --ink: #e7e4de; --soft: #a7abb3; --line: #383c44;
    --accent: #8dbaf2; --good: #7fcb9c; --wary: #eab464; --bad: #f59a94;
  }
}
* { box-sizing: border-box; }
body {
  max-width: 62rem; margin: 0 auto; padding: clamp(1.25rem, 5vw, 3.5rem) clamp(1rem, 5vw, 3rem);
  background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--text); overflow-wrap: break-word;
}
.good { --tone: var(--good); } .wary { --tone: var(--wary); } .bad { --tone: var(--bad); } .quiet, .lost { --tone: var(--soft); }
h1, h2, h3 { font-family: var(--title); font-weight: 600; line-height: 1.2; text-wrap: balance; }
h1 { margin: 0 0 1.25rem; font-size: clamp(1.75rem, 5vw, 2.6rem); }
h2 { margin: 0 0 1.25rem; font-size: 1.55rem; }
h3 { margin: 2rem 0 0.75rem; font-size: 1.15rem; }
p, ul, ol, dl, figure, blockquote { margin: 0 0 1rem; }
p, li, dd { unicode-bidi: plaintext; }
section { margin-top: 3.5rem; padding-top: 2rem; border-top: 1px solid var(--line); scroll-margin-top: 1rem; }
a { color: inherit; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
code, .brief, .digest { font-family: var(--mono); font-size: 0.88em; overflow-wrap: anywhere; unicode-bidi: isolate; }
table .brief { overflow-wrap: break-word; }
code { padding: 0.1em 0.3em; border-radius: 4px; background: color-mix(in srgb, var(--ink) 7%, transparent); }
.where, .count, .why, .by, .rest, .digest, .holds, figcaption, footer { color: var(--soft); }
.where, .rest, figcaption, footer { font-size: 0.9rem; }
.count { font: 400 0.9rem/1.4 var(--text); white-space: normal; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.verdict { padding: 0.9rem 1.1rem; border-left: 5px solid var(--tone); border-radius: 3px; background: color-mix(in srgb, var(--tone) 9%, var(--paper)); }
.verdict strong:first-of-type, .sign { color: var(--tone); font-size: 1.3em; font-weight: 650; }
div.said { margin-bottom: 0.5rem; }
ol > li { margin-bottom: 0.5rem; }
li > .said { margin: 0; }
.said { white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: plaintext; }
blockquote { margin: 1.5rem 0; padding-left: 1.1rem; border-left: 2px solid var(--line); font-family: var(--title); font-size: 1.1rem; }
summary { cursor: pointer; padding: 0.3rem 0; }

nav ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(6rem, 1fr)); gap: 0.25rem 1rem; margin: 1.75rem 0 0; padding: 0; list-style: none; }
nav a { display: block; padding: 0.6rem 0; border-top: 1px solid var(--line); color: var(--soft); font-size: 0.9rem; line-height: 1.35; text-decoration: none; }
nav b { display: block; color: var(--ink); font: 600 1.35rem/1.3 var(--title); font-variant-numeric: lining-nums tabular-nums; }
nav a:hover { border-color: var(--accent); color: var(--accent); }

.mark { color: var(--tone); font-weight: 600; white-space: nowrap; }
.entries, .values, .plain, .kinds { padding: 0; list-style: none; }
.entries > li { padding: 1rem 0; border-top: 1px solid var(--line); }
.entries > li:first-child { border-top: 0; padding-top: 0; }
.entries p { margin-bottom: 0.35rem; }
.marked > li { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: 0 1.25rem; }
.marked .mark, a.mark { white-space: normal; }
.values { margin: 0.5rem 0 0.5rem; padding-left: 1rem; border-left: 2px solid var(--line); }
.values li { padding: 0.2rem 0; }
.values .mark { display: inline-block; min-width: 4.2rem; }
.values .value { font-weight: 550; }
.lost ~ .value { color: var(--soft); font-weight: 400; }

small .brief { margin-inline-end: 0.2rem; }
details.voices { display: inline-block; vertical-align: top; max-width: min(24rem, 100%); }
.voices summary { padding: 0; white-space: nowrap; }
.brief { display: inline; max-width: 100%; margin: 0; padding: 0.1em 0; border: 0; border-bottom: 1px dotted currentcolor; background: none; color: var(--accent); text-align: start; cursor: pointer; }
.card {
  inset: auto; width: max-content; max-width: min(26rem, calc(100vw - 2rem)); margin: 0.4rem 0; padding: 1rem 1.2rem;
  border: 1px solid var(--line); border-radius: 8px; background: var(--raised); color: var(--ink); font-size: 0.92rem;
  box-shadow: 0 8px 30px rgb(0 0 0 / 0.16); overflow-wrap: anywhere;
  position-area: block-end span-inline-end; position-try-fallbacks: flip-block, flip-inline, flip-block flip-inline;
}
@supports not (position-area: block-end) { .card { inset: 0; margin: auto; } }
.card p { margin-bottom: 0.5rem; }
.card dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.2rem 1rem; margin: 0; }
.card dd { margin: 0; }
dt { color: var(--soft); }
dd { margin: 0 0 0.75rem; }

.scroll {
  --shade: color-mix(in srgb, var(--ink) 22%, transparent);
  position: relative; max-width: 100%; margin: 0 0 1rem; overflow-x: auto; background:
    linear-gradient(90deg, var(--paper) 40%, transparent) 0 / 2.5rem 100% no-repeat local,
    linear-gradient(270deg, var(--paper) 40%, transparent) 100% / 2.5rem 100% no-repeat local,
    linear-gradient(90deg, var(--shade), transparent) 0 / 0.6rem 100% no-repeat,
    linear-gradient(270deg, var(--shade), transparent) 100% / 0.6rem 100% no-repeat;
}
table { min-width: 100%; border-collapse: collapse; font-size: 0.93rem; }
th, td { padding: 0.5rem 1.1rem 0.5rem 0; min-width: 4rem; max-width: 30rem; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; font-weight: 400; unicode-bidi: plaintext; }
thead th { color: var(--soft); font-size: 0.85rem; vertical-align: bottom; }
.figures { min-width: 0; text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
td.words { min-width: 13rem; }
th:first-child.figures { color: var(--soft); }
tbody tr:last-child > * { border-bottom: 0; }

.facts { margin-bottom: 2rem; font-variant-numeric: tabular-nums; }
.facts div { display: grid; grid-template-columns: minmax(9rem, 1fr) minmax(0, 4fr); gap: 0 1.25rem; padding: 0.45rem 0; border-bottom: 1px solid var(--line); }
.facts dd { margin: 0; overflow-wrap: anywhere; }
.waves { padding-left: 1.6rem; }
.waves p { margin-bottom: 0.25rem; }
.dots { line-height: 0; }
.dots i { display: inline-block; width: 0.7rem; height: 0.7rem; margin: 0 3px 3px 0; border: 2px solid var(--tone); border-radius: 50%; }
.dots .good { background: var(--tone); }
.dots .wary { border-radius: 2px; }
.dots .quiet { height: 2px; border-width: 1px; vertical-align: 0.3rem; }
.when { width: 42%; min-width: 13rem; }
th.when span + span { float: inline-end; }
td.when { background: linear-gradient(90deg, var(--line) 1px, transparent 1px) 0 0 / 25% 100% content-box; background-origin: content-box; background-clip: content-box; }
svg { display: block; }
.when svg { margin-top: 0.25rem; }
td .mark { font-weight: 400; }
.bar { fill: color-mix(in srgb, var(--accent) 45%, var(--paper)); }
.bounding { fill: var(--accent); }
.area { fill: color-mix(in srgb, var(--accent) 45%, var(--paper)); }
.holds { font-size: 0.8rem; font-weight: 400; white-space: nowrap; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--line); }

@media screen and (max-width: 34rem) {
  .facts div, .marked > li { grid-template-columns: minmax(0, 1fr); }
  section { margin-top: 2.5rem; padding-top: 1.5rem; }
  .scroll { overflow: visible; background: none; }
  table, tbody, tr { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { padding: 0.6rem 0; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  tbody th, td, td.words { display: flow-root; min-width: 0; max-width: none; padding: 0.1rem 0 0.1rem 7rem; border: 0; text-align: start; overflow-wrap: anywhere; }
  tbody th { font-weight: 600; }
  td:empty { display: none; }
  [data-head]::before { content: attr(data-head); float: inline-start; width: 6.25rem; margin-inline-start: -7rem; color: var(--soft); font-size: 0.85rem; font-weight: 400; }
  .figures { text-align: start; white-space: normal; }
  tr:has(> .when) > * { display: inline; padding: 0 0.6rem 0 0; }
  tr:has(> .when) > .when { display: block; width: auto; padding: 0; }
  tr:has(> .when) > td::before { float: none; margin: 0 0.3rem 0 0; }
  tr:has(> .when) > th::before { content: none; }
}
@media print {
  :root { color-scheme: light; --paper: #ffffff; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .card { display: none; }
  section { margin-top: 1.5rem; padding-top: 1rem; scroll-margin: 0; }
  .scroll { overflow: visible; background: none; }
  table { font-size: 8.5pt; }
  th, td, td.words { min-width: 0; padding-right: 0.8rem; }
  .when { width: 25%; min-width: 5rem; }
  details.voices { min-width: 14rem; max-width: none; }
  .brief { border: 0; color: inherit; }
  h2, h3 { break-after: avoid; }
  li, tr, .verdict { break-inside: avoid; }
  .dots i, rect, .area, .verdict { print-color-adjust: exact; }
  ::details-content { block-size: auto; content-visibility: visible; }
}
`;

/** SHA-256 of {@link STYLE}, in base 64: the page's policy lets this style in and no other. */
export const STYLE_HASH = 'sha256-vAgR4rsUHlp8VMUKw5UFDSKv7lc5XGvTmbyvAAONy9k=';
