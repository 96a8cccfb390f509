import type { JsonObject } from '../core/outcome/canonical.js';
import type { Source } from '../core/plan/compile.js';
import { computedParams } from '../core/plan/computedParams.js';
import { typedParams } from '../core/plan/typedParams.js';
import type { ScheduledSource } from './scheduleLog.js';

/** A plan file with the schema of its params. @throws Failure `InvalidInput` where it cannot be read */
export type ReadPlan = (file: string) => {
  readonly text: string;
  readonly folder: string;
  schema(): JsonObject | undefined;
};

/** What a run scheduled for a time is compiled from. @param ms since the epoch */
export function planAt(source: ScheduledSource, ms: number, readPlan: ReadPlan): Source {
  const { schema, ...plan } = readPlan(source.file);
  return { ...plan, path: source.file, params: paramsAt(source, ms, schema) };
}

/** The params of a run scheduled for a time, typed by the plan's schema. */
function paramsAt(
  { params, computed, timezone }: ScheduledSource,
  ms: number,
  schema: () => JsonObject | undefined,
): JsonObject {
  const options = Object.entries(computedParams(computed, ms, timezone)).map(
    ([name, value]) => `${name}=${value}`,
  );
  return { ...params, ...(options.length > 0 && typedParams(schema(), options)) };
}
