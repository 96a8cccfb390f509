import type { Plan } from '../../plan/plan.js';
import { briefOf } from '../expected.js';
import type { Answer } from '../report.js';

/** What briefs and instances were given: files, or else what others had found. */
export function givenIn(
  { provenance }: Answer,
  { briefs }: Plan,
): (labels: readonly string[]) => readonly string[] {
  const needsOf = new Map(briefs.map(({ id, needs }) => [id, needs]));
  return (labels) => [
    ...new Set(labels.flatMap((label) => provenance.files[label] ?? needsOf.get(briefOf(label)) ?? [])),
  ];
}
