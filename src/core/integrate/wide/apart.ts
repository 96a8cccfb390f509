import type { Json, JsonObject } from '../../outcome/canonical.js';
import { readBack } from '../../outcome/readBack.js';
import type { Plan } from '../../plan/plan.js';
import { isOneThing, itemsOf } from '../merge/items.js';
import type { Answer } from '../report.js';
import { placeText } from '../select.js';
import type { Apart } from './parts.js';

/*
 * What of an answer does not go into the report, because the report would be too long to be read.
 *  1. Nothing is dropped: what is not in the report lies apart, in order, in artifacts that the answer names by digest.
 *  2. Which part lies apart is a function of the answer and the bounds. Short lists stay whole; longer ones share what room is
 *     left, and of each its beginning stays.
 *  3. Requirements are held against the whole, before anything is set apart.
 */

/** Characters, as JSON. */
export interface Widths {
  /** Of all lists and values in the report together. */
  readonly report: number;
  /** Of one part, but for a single item that is longer. */
  readonly part: number;
}
export const WIDTHS: Widths = { report: 4_000_000, part: 1_000_000 };

/** What is to lie apart of one list or value. */
export interface Rest extends Omit<Apart, 'parts'> {
  readonly items: Iterable<Json>;
}

/** The answer as far as it goes into the report, read into memory; and what does not. */
export function parted(
  answer: Answer,
  plan: Plan,
  { report }: Pick<Widths, 'report'> = WIDTHS,
): { readonly answer: Answer; readonly rests: readonly Rest[] } {
  const spots = spotsIn(answer);
  const sizes = spots.map(({ items }) => sizesOf(items));
  const share = shareOf(
    sizes.map((all) => all.reduce((sum, size) => sum + size, 0)),
    report,
  );
  const rests: Rest[] = [];
  const kept = new Map<string, readonly Json[]>();
  for (const [n, { at, items, isValue, of }] of spots.entries()) {
    const fit = fitting(sizes[n]!, share);
    // Nobody is named for an item that is not there.
    const from = of === undefined ? fit : Math.min(fit, shownOf(of, plan, kept.get(pathTo(['data', of]))!));
    kept.set(at, isValue && from === 0 ? [null] : items.slice(0, from));
    if (from === items.length) continue;
    const undecided = at === CONFLICTS ? undecidedIn(items, from) : 0;
    rests.push({
      at,
      ...(!isValue && { from }),
      count: items.length - from,
      ...(undecided > 0 && { undecided }),
      items: after(items, from),
    });
  }
  return { answer: rebuilt(answer, (at) => kept.get(at)!), rests };
}

/** How many items a collection has, of which so much is in the report. */
function shownOf(name: string, { integrate }: Plan, kept: readonly Json[]): number {
  const entry = integrate.merge.find((one) => one.name === name)!;
  return isOneThing(entry) ? 1 : itemsOf(entry, kept).length;
}

const CONFLICTS = '$.conflicts';

interface Spot {
  readonly at: string;
  readonly items: readonly Json[];
  /** It is the one value of this, and no list. */
  readonly isValue?: true;
  /** The collection whose items it says something of. */
  readonly of?: string;
}

/** Lists of an answer that may be as long as all outputs together. */
function spotsIn({
  data,
  provenance,
  conflicts,
  duplicates,
  dropped,
  requirements,
}: Answer): readonly Spot[] {
  const list = (path: readonly (string | number)[], items: unknown): Spot[] =>
    items === undefined ? [] : [{ at: pathTo(path), items: items as readonly Json[] }];
  return [
    ...Object.keys(data).flatMap((name): Spot[] => {
      if (Array.isArray(data[name])) return list(['data', name], data[name]);
      return [{ at: pathTo(['data', name]), items: readBack(1, () => data[name]!), isValue: true }];
    }),
    ...Object.entries(provenance.items).flatMap(([name, items]) =>
      list(['provenance', 'items', name], items).map((spot) => ({ ...spot, of: name })),
    ),
    ...list(['conflicts'], conflicts),
    ...list(['duplicates'], duplicates),
    ...list(['dropped'], dropped),
    ...requirements.flatMap((one, n) => LONG.flatMap((key) => list(['requirements', n, key], one[key]))),
  ];
}

/** The lists of the merged data that are in a report, and those places of it that are named. */
export const listsIn = (answer: Answer, named: ReadonlySet<string>): readonly Omit<Spot, 'isValue'>[] =>
  spotsIn(answer).filter(({ at, isValue }) => named.has(at) || (at.startsWith('$.data') && !isValue));

/** What of a requirement's finding may be long. */
const LONG = ['lacking', 'at', 'unsupported'] as const;

const pathTo = (at: readonly (string | number)[]): string => placeText({ at, value: null });

const sizesOf = (items: readonly Json[]): readonly number[] => {
  const sizes: number[] = [];
  for (let n = 0; n < items.length; n++) sizes.push(JSON.stringify(items[n]).length + 1);
  return sizes;
};

/** Most that one may take, so that all together keep within `room`: what the short ones leave, the others share. */
function shareOf(sizes: readonly number[], room: number): number {
  let left = room;
  const sorted = [...sizes].sort((a, b) => a - b);
  for (const [n, size] of sorted.entries()) {
    const share = left / (sorted.length - n);
    if (size > share) return share;
    left -= size;
  }
  return Number.POSITIVE_INFINITY;
}

/** How many of the first fit. */
function fitting(sizes: readonly number[], room: number): number {
  let left = room;
  const first = sizes.findIndex((size) => {
    left -= size;
    return left < 0;
  });
  return first < 0 ? sizes.length : first;
}

function undecidedIn(conflicts: readonly Json[], from: number): number {
  let count = 0;
  for (const one of after(conflicts, from)) if ((one as JsonObject).rule === 'fail') count++;
  return count;
}

function* after(items: readonly Json[], from: number): Generator<Json> {
  for (let n = from; n < items.length; n++) yield items[n]!;
}

/** The answer with what lies apart in its place again. @param more items by where they belong */
export function madeWhole(answer: Answer, more: ReadonlyMap<string, readonly Json[]>): Answer {
  const { apart: _, ...rest } = answer;
  const spots = new Map(spotsIn(rest).map((spot) => [spot.at, spot]));
  return rebuilt(rest, (at) => {
    const { items, isValue } = spots.get(at)!;
    return isValue ? (more.get(at) ?? items) : [...items, ...(more.get(at) ?? [])];
  });
}

/** The same answer with other lists. */
function rebuilt(answer: Answer, at: (path: string) => readonly Json[]): Answer {
  const { data, provenance, conflicts, duplicates, dropped, requirements, ...rest } = answer;
  const list = <T>(path: readonly (string | number)[]): readonly T[] => at(pathTo(path)) as readonly T[];
  return {
    ...rest,
    data: Object.fromEntries(
      Object.keys(data).map((name): [string, Json] => {
        const found = list<Json>(['data', name]);
        return [name, Array.isArray(data[name]) ? found : found[0]!];
      }),
    ),
    requirements: requirements.map((one, n) => ({
      ...one,
      ...Object.fromEntries(
        LONG.flatMap((key) => (one[key] === undefined ? [] : [[key, list(['requirements', n, key])]])),
      ),
    })),
    conflicts: list(['conflicts']),
    duplicates: list(['duplicates']),
    ...(dropped && { dropped: list(['dropped']) }),
    provenance: {
      ...provenance,
      items: Object.fromEntries(
        Object.keys(provenance.items).map((name) => [name, list(['provenance', 'items', name])]),
      ),
    },
  };
}
