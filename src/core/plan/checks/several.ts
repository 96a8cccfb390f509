import type { Draft, WrittenBrief } from '../draft.js';
import type { Problems } from '../problems.js';

/** A brief that is asked several times says what becomes of its samples, in one way. */
export function checkSeveral({ briefs }: Draft, problems: Problems): void {
  for (const brief of briefs) checkOne(brief, problems);
}

const WAYS = ['vote', 'samples', 'perspectives'] as const;

function checkOne(brief: WrittenBrief, problems: Problems): void {
  const { at, samples, keep, rank, perspectives } = brief;
  const [first, second] = WAYS.filter((key) => brief[key] !== undefined);
  if (second)
    problems.error(
      ['briefs', at, second],
      `\`${first}\` says already what becomes of several answers. Keep one of them.`,
    );
  if (samples !== undefined && !keep)
    problems.error(
      ['briefs', at, 'samples'],
      'does not say what becomes of the samples. Write `keep: all` for all of them, or `vote: { samples: … }` for the one that most give.',
    );
  if (keep && samples === undefined)
    problems.error(['briefs', at, 'keep'], 'wants `samples`: how many there are to keep.');
  if (rank && !keep)
    problems.error(['briefs', at, 'rank'], 'ranks what `keep: all` keeps, and nothing is kept here.');
  if (perspectives && !Array.isArray(perspectives) && Object.keys(perspectives).length < 2)
    problems.error(['briefs', at, 'perspectives'], 'wants two viewpoints or more.');
  if (Array.isArray(perspectives) && new Set(perspectives).size < perspectives.length)
    problems.error(['briefs', at, 'perspectives'], 'names a viewpoint twice.');
}
