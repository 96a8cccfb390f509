import type { RetriableType } from '../../outcome/failure.js';
import { type Draft, placeOf } from '../draft.js';
import type { Problems } from '../problems.js';

/** Ends of a try after which its effect took place, or nobody knows. */
const UNREPEATED: readonly RetriableType[] = ['OutputInvalid', 'TimedOut', 'WorkerCrashed'];

/** No tries are promised that what must not run twice never gets. */
export function checkEffects({ briefs }: Draft, problems: Problems): void {
  for (const brief of briefs) {
    if (brief.effect !== 'once') continue;
    for (const type of UNREPEATED)
      if ((brief.retry?.on?.[type]?.attempts ?? 1) > 1)
        problems.error(
          [...placeOf(brief), 'retry', 'on', type, 'attempts'],
          `\`${brief.id}\` must not run twice (\`effect: once\`), and a try that ends with \`${type}\` took place, or may have. Remove this.`,
        );
  }
}
