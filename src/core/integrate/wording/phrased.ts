import type { Section } from '../synthesis/prose.js';
import type { Ink } from './ink.js';
import { notFound } from './support.js';

/** What a section of the answer in words lacks: all of it, or something that it was to speak of. */
export function lacksOf<T>({ failed, lacking = [] }: Section, ink: Ink<T>): readonly T[] {
  const { say, prose, code, some } = ink;
  return [
    ...(failed === undefined ? [] : [say`There is no text: ${prose(failed)}`]),
    ...(lacking.length === 0 ? [] : [say`It does not speak of ${some(lacking, code)}.`]),
  ];
}

/** Said above what was left out of it. */
export const LEFT_OUT = 'Left out of it, because what it cites does not bear it out:';

/** A sentence that was left out, and what of it is not borne out. */
export const notBorneOut = <T>(
  { text, findings }: NonNullable<Section['rejected']>[number],
  ink: Ink<T>,
): T => ink.say`${ink.prose(text)} Not found: ${notFound({ findings }, ink)}.`;
