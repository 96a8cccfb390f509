import { z } from 'zod';
import type { Json, JsonObject } from '../../outcome/canonical.js';
import { FAILURE_TYPES } from '../../outcome/failure.js';
import { STATUSES } from '../../outcome/outcome.js';

/** What the parts of a report are made of. Objects are open: a key that is not named here is one of a later version. */

export const optional = <T extends z.ZodType>(type: T) => z.exactOptional(type);

export const text = z.string();
export const digest = z.string().regex(/^[0-9a-f]{64}$/);
export const count = z.number().int().min(0);
export const ms = z.number().describe('Milliseconds.');
export const instant = z.number().describe('Milliseconds since the epoch.');
export const json: z.ZodType<Json> = z.unknown() as z.ZodType<Json>;
export const map: z.ZodType<JsonObject> = z.record(z.string(), z.unknown()) as z.ZodType<JsonObject>;
export const labels = z.array(text).describe('Labels of briefs: `dig`, or `dig[pricing]` of an instance.');

export const status = z.enum(STATUSES).describe('How a brief ended.');
export const reason = z
  .object({ type: z.enum(FAILURE_TYPES), message: text })
  .describe('What happened, where, and what to do next.');

export const ref = z.object({
  digest,
  size: count.describe('Bytes.'),
  type: text.describe('Media type.'),
  at: optional(z.object({ run: text, unit: text, seq: count, offset: count, length: count })).describe(
    'The slice of a log that it is; else it is a file by its digest.',
  ),
});
export const filesMade = z.object({ manifest: ref, pack: ref });

export const usage = z.object({
  inputTokens: optional(count),
  outputTokens: optional(count),
  cpuSeconds: optional(z.number()),
  turns: optional(count).describe('Answers of models that may call tools.'),
  calls: optional(count).describe('Calls of tools.'),
  peakMemory: optional(z.number()).describe('Bytes.'),
});
