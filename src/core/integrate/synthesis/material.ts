import type { Json } from '../../outcome/canonical.js';
import { grouped } from '../grouped.js';
import { itemsOf } from '../merge/items.js';
import type { Draft } from '../report.js';
import { pathOf } from '../select.js';
import { authorsOf } from '../statements.js';
import { inMemory, Kept } from '../wide/scratch.js';
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
  const { scratch } = draft.room ?? inMemory();
  const pieces: Piece[] = [];
  for (const { value, by } of path === undefined ? everything(draft) : selected(draft, path)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    for (let at = 0; at < text.length; at += most)
      pieces.push(new KeptPiece(new Kept(scratch, text.slice(at, at + most)), by));
  }
  return pieces;
}

/** A piece whose text lies in scratch. */
class KeptPiece implements Piece {
  readonly #kept: Kept<string>;
  readonly by: readonly string[];

  constructor(kept: Kept<string>, by: readonly string[]) {
    this.#kept = kept;
    this.by = by;
  }

  get text(): string {
    return this.#kept.value;
  }
}

interface Found {
  readonly value: Json;
  readonly by: readonly string[];
}

function* everything({ plan, merged, outputs }: Draft): Generator<Found> {
  const { merge } = plan.integrate;
  if (merge.length === 0) for (const { value, label } of outputs) yield { value, by: [label] };
  for (const entry of merge)
    for (const [n, value] of itemsOf(entry, merged.data[entry.name]!).entries())
      yield { value, by: merged.sources[entry.name]?.[n] ?? [] };
}

function* selected({ plan, merged, provenance }: Draft, path: string): Generator<Found> {
  for (const place of pathOf(path).places(merged.data))
    yield { value: place.value, by: authorsOf(place, merged.data, plan, provenance.items) };
}

/** Notes on a theme. */
export interface Note extends Sentence {
  readonly theme: string;
}

/** Notes as something to write from: those of one theme together, themes in order of their first note. */
export const noted = (notes: readonly Note[]): readonly Piece[] =>
  [...grouped(notes, ({ theme }) => theme.trim().toLowerCase()).values()]
    .flat()
    .map(({ theme, text, cites }) => ({ text: `${theme}: ${text}`, by: cites }));
