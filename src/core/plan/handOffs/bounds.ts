import { isClosed, type Kind, type Known, prefixOf, propertiesOf, requiredBy } from './views.js';

/** An end of a range; `open`: the value itself is not in it. */
export interface Bound {
  readonly at: number;
  readonly open: boolean;
}

const numbers = (views: readonly Known[], keyword: string): readonly number[] =>
  views.flatMap(({ schema }) => (typeof schema[keyword] === 'number' ? [schema[keyword]] : []));

/** Numbers that all of them allow are at least this. @param kinds that are possible: whole numbers have ends of their own */
export const lowest = (views: readonly Known[], kinds: ReadonlySet<Kind>): Bound =>
  end(views, kinds, { keyword: 'minimum', open: 'exclusiveMinimum', sign: 1 });
/** … and at most this. */
export const highest = (views: readonly Known[], kinds: ReadonlySet<Kind>): Bound =>
  end(views, kinds, { keyword: 'maximum', open: 'exclusiveMaximum', sign: -1 });

function end(
  views: readonly Known[],
  kinds: ReadonlySet<Kind>,
  { keyword, open, sign }: { readonly keyword: string; readonly open: string; readonly sign: 1 | -1 },
): Bound {
  const all = [
    ...numbers(views, keyword).map((at) => ({ at, open: false })),
    ...numbers(views, open).map((at) => ({ at, open: true })),
  ];
  const tight = all.reduce<Bound>(
    (so, one) => (sign * (one.at - so.at) > 0 || (one.at === so.at && one.open) ? one : so),
    { at: -sign * Infinity, open: false },
  );
  if (kinds.has('fraction') || !Number.isFinite(tight.at)) return tight;
  const { at } = tight;
  const inside = sign > 0 ? Math.ceil(at) : Math.floor(at);
  return { at: inside === at && tight.open ? at + sign : inside, open: false };
}

/** Whether all numbers from `given` on (`sign` 1) or up to it (-1) are beyond `wanted`. */
export const isWithin = (given: Bound, wanted: Bound, sign: 1 | -1): boolean =>
  sign * (given.at - wanted.at) > 0 || (given.at === wanted.at && (given.open || !wanted.open));

const least = (views: readonly Known[], keyword: string): number => Math.max(0, ...numbers(views, keyword));
const most = (views: readonly Known[], keyword: string): number =>
  Math.min(Infinity, ...numbers(views, keyword));

/** Fewest and most characters, items and properties of what all of them allow. */
export const COUNTS: { readonly [keyword: string]: (views: readonly Known[]) => number } = {
  minLength: (views) => least(views, 'minLength'),
  maxLength: (views) => most(views, 'maxLength'),
  minItems: (views) => least(views, 'minItems'),
  maxItems: (views) =>
    Math.min(
      most(views, 'maxItems'),
      ...views.flatMap((view) => (view.schema.items === false ? [prefixOf(view).length] : [])),
    ),
  minProperties: (views) => Math.max(least(views, 'minProperties'), requiredBy(views).size),
  maxProperties: (views) =>
    Math.min(
      most(views, 'maxProperties'),
      ...views.flatMap((view) => (isClosed(view) ? [Object.keys(propertiesOf(view.schema)).length] : [])),
    ),
};
