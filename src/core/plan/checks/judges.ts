import type { Draft } from '../draft.js';
import type { Problems } from '../problems.js';
import { hasTemplate } from '../template.js';

/** Whoever judges is told what has to hold, in words that are the same for every output. */
export function checkJudges({ briefs }: Draft, problems: Problems): void {
  for (const { at, accept } of briefs)
    for (const [i, { judge, says }] of [accept ?? []].flat().entries()) {
      const path = ['briefs', at, 'accept', ...(Array.isArray(accept) ? [i] : [])];
      if (judge !== undefined && says === undefined)
        problems.error(
          [...path, 'judge'],
          'a judge wants `says`: the sentence that has to be true of the output.',
        );
      if (says !== undefined && judge === undefined)
        problems.error([...path, 'says'], 'nobody judges this. Say by which model: `judge: capable`.');
      if (says !== undefined && hasTemplate(says))
        problems.error(
          [...path, 'says'],
          'no templates here: the judge is given the output, and nothing else.',
        );
    }
}
