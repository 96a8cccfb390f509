import { Failure } from '../outcome/failure.js';
import { scheduledTime } from './scheduledTime.js';
import { renderText } from './template.js';

/**
 * Params worked out from the time that a run is scheduled for, as texts by name.
 * @param computed templates over `scheduled`
 * @throws Failure `InvalidInput` naming the param whose template fails
 */
export function computedParams(
  computed: { readonly [name: string]: string },
  ms: number,
  timezone: string,
): { [name: string]: string } {
  const scheduled = { ...scheduledTime(ms, timezone) };
  return Object.fromEntries(
    Object.entries(computed).map(([name, template]) => {
      try {
        return [name, renderText(template, { scheduled })];
      } catch (error) {
        throw new Failure('InvalidInput', `computed param \`${name}\`: ${(error as Error).message}`);
      }
    }),
  );
}
