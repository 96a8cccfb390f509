import { type Html, html } from './markup.js';

/** What a reader sees without asking for more. */
const OPEN = 12;

/** A list with a rule between its entries; what is beyond the first dozen opens on demand. @param kind `marked`: each begins with a mark */
export function entries(all: readonly Html[], kind?: 'marked'): Html {
  const list = (some: readonly Html[]) =>
    html`<ul class="entries${kind && ` ${kind}`}">${some.map(
      (entry) => html`<li>${entry}</li>
`,
    )}</ul>`;
  if (all.length <= OPEN) return all.length === 0 ? html`` : list(all);
  return html`${list(all.slice(0, OPEN))}
<details><summary>${all.length - OPEN} more</summary>${list(all.slice(OPEN))}</details>`;
}
