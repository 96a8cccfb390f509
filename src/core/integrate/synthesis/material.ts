import type { Json } from '../../outcome/canonical.js';
import { grouped } from '../grouped.js';
import { itemsOf } from '../merge.js';
import type { Draft } from '../report.js';
import { pathOf } from '../select.js';
import { authorsOf } from '../statements.js';
import type { Sentence } from './prose.js';

/** Something to write from, and whose it is. */
export interface Piece {
  readonly text: string;
  readonly by: readonly string[];
}

/**
 * What a text is written from: items of the merged data with those who said them, in their order.
 * @param path JSONPath into the merged data; absent: all of it
 * @param most characters of one piece: a longer item comes in parts, and no word of it is lost
 */
export function piecesOf(draft: Draft, path: string | undefined, most: number): readonly Piece[] {
  return (path === undefined ? everything(draft) : selected(draft, path)).flatMap(({ value, by }) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const parts = Math.ceil(text.length / most);
    return Array.from({ length: parts }, (_, n) => ({ text: text.slice(n * most, (n + 1) * most), by }));
  });
}

interface Found {
  readonly value: Json;
  readonly by: readonly string[];
}

function everything({ plan, merged, outputs }: Draft): readonly Found[] {
  const { merge } = plan.integrate;
  if (merge.length === 0) return outputs.map(({ value, label }) => ({ value, by: [label] }));
  return merge.flatMap((entry) =>
    itemsOf(entry, merged.data[entry.name]!).map((value, n) => ({
      value,
      by: merged.sources[entry.name]?.[n] ?? [],
    })),
  );
}

const selected = ({ plan, merged, provenance }: Draft, path: string): readonly Found[] =>
  pathOf(path)
    .places(merged.data)
    .map((place) => ({ value: place.value, by: authorsOf(place, merged.data, plan, provenance.items) }));

/** Notes on a theme. */
export interface Note extends Sentence {
  readonly theme: string;
}

/** Notes as something to write from: those of one theme together, themes in order of their first note. */
export const noted = (notes: readonly Note[]): readonly Piece[] =>
  [...grouped(notes, ({ theme }) => theme.trim().toLowerCase()).values()]
    .flat()
    .map(({ theme, text, cites }) => ({ text: `${theme}: ${text}`, by: cites }));
