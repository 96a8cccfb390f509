import { z } from 'zod';
import type { JsonObject } from '../outcome/canonical.js';
import { REPORT_VERSION } from './report.js';
import { answer } from './schema/answer.js';
import { run } from './schema/run.js';

/** `report.json` as others may rely on it; the compiler holds it equal to `Report` (test/core/integrate/reportSchema.test.ts). */
export const reportSchema = z
  .object({ v: z.literal(REPORT_VERSION), answer, run })
  .describe(
    'A report of Muster, format 1. Keys may be added within a format, so a reader passes over those it does not know; none is taken away or given another meaning.',
  );

/** The same as a JSON Schema (2020-12). */
export const reportJsonSchema = (): JsonObject =>
  z.toJSONSchema(reportSchema, { target: 'draft-2020-12', io: 'input' }) as unknown as JsonObject;
