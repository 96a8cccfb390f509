import { capped } from '../wording/capped.js';
import type { PageInk } from './ink.js';
import { type Html, html, type Part } from './markup.js';

export interface Column {
  readonly head: Part;
  /** `figures` stand under each other by their last digit; `words` take room for a sentence; `when` is a stretch of time, drawn. */
  readonly kind?: 'figures' | 'words' | 'when' | undefined;
}

/**
 * A table that scrolls in a box of its own; on a phone each row is a list of its cells, under the names of their columns. The
 * first cell of a row is its header.
 */
export function table(
  caption: string,
  columns: readonly (Column | string)[],
  rows: readonly (readonly Part[])[],
): Html {
  const all = columns.map((column) => (typeof column === 'string' ? { head: column } : column));
  const kind = (n: number) => all[n]?.kind && html` class="${all[n].kind}"`;
  const named = (n: number) => typeof all[n]?.head === 'string' && html` data-head="${all[n].head}"`;
  const row = ([first, ...others]: readonly Part[]) =>
    html`<tr><th scope="row"${kind(0)}${named(0)}>${first}</th>${others.map((cell, n) => html`<td${kind(n + 1)}${named(n + 1)}>${cell}</td>`)}</tr>
`;
  return html`<div class="scroll" role="group" aria-label="${caption}" tabindex="0"><table>
<caption class="unseen">${caption}</caption>
<thead><tr>${all.map(({ head }, n) => html`<th scope="col"${kind(n)}>${head}</th>`)}</tr></thead>
<tbody>
${rows.map(row)}</tbody>
</table></div>
`;
}

/** The first `most`, and a paragraph that says what is left out and where it is. */
export function first<T>(
  all: readonly T[],
  most: number,
  where: string,
  ink: PageInk,
): { readonly shown: readonly T[]; readonly rest?: Html } {
  const { shown, rest } = capped(all, most, where, ink);
  return rest === undefined ? { shown } : { shown, rest: html`<p class="rest">${rest}</p>` };
}
