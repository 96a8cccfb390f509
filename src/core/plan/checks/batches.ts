import { type Draft, executorOf } from '../draft.js';
import type { Problems } from '../problems.js';

/** What makes of one brief several calls, bounds each by itself, or needs them one after the other. */
const APART = ['vote', 'samples', 'perspectives', 'budget', 'tools', 'effect'] as const;

/** What is asked in batches is one question to a model, known before any of them is answered. */
export function checkBatches({ briefs }: Draft, problems: Problems): void {
  for (const brief of briefs) {
    const { at, batch, forEach } = brief;
    if (!batch || problems.doubts('briefs', at, 'batch')) continue;
    const path = ['briefs', at, 'batch'];
    const apart = APART.find((key) => brief[key] !== undefined);
    if (executorOf(brief) !== 'ask')
      problems.error(path, 'only questions to a model (`ask`) go in batches. Remove it.');
    else if (apart)
      problems.error(
        path,
        `\`${apart}\` does not go with batches, which ask each instance once. Remove one of the two.`,
      );
    else if (forEach?.each !== undefined)
      problems.error(
        path,
        '`each` starts its instances one by one, and a batch asks about all of them together. Remove one of the two.',
      );
  }
}
