import type { WrittenBrief } from './draft.js';
import type { Brief, Perspective } from './plan.js';

/** Samples of one brief at a time, unless its vote says otherwise. */
const PARALLEL = 3;
/** From here on two variants say nearly the same. */
const NEAR = 0.8;

/** How a brief is asked several times that is not voted on. It has passed all checks. */
export function severalOf({
  samples,
  rank,
  perspectives,
}: WrittenBrief): Pick<Brief, 'variants' | 'perspectives'> {
  return {
    ...(samples !== undefined && {
      variants: {
        ...{ samples, parallel: PARALLEL, near: NEAR },
        ...(rank && { rank: { by: rank.by, model: rank.judge } }),
      },
    }),
    ...(perspectives && { perspectives: { views: viewsOf(perspectives), parallel: PARALLEL } }),
  };
}

const viewsOf = (written: NonNullable<WrittenBrief['perspectives']>): readonly Perspective[] =>
  Array.isArray(written)
    ? written.map((name) => ({ name }))
    : Object.entries(written).map(([name, says]) => ({ name, says }));
