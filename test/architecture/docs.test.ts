import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { reportJsonSchema } from '../../src/core/integrate/reportSchema.js';
import { planJsonSchema } from '../../src/core/plan/schema.js';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

it('docs/plan.md says what the schema says', async () => {
  const { referenceOf } = await import(at('scripts/reference.mjs'));
  expect(readFileSync(at('docs/plan.md'), 'utf8')).toBe(referenceOf(planJsonSchema()));
});

it('docs/report.schema.json is the schema of reports', () => {
  expect(JSON.parse(readFileSync(at('docs/report.schema.json'), 'utf8'))).toEqual(reportJsonSchema());
});
