import { expect, it } from 'vitest';
import { schema } from '../../src/cli/commands/schema.js';
import { reportJsonSchema } from '../../src/core/integrate/reportSchema.js';
import { planJsonSchema } from '../../src/core/plan/schema.js';
import { fakeScreen } from './fakes.js';

it.each([
  ['plan', planJsonSchema()],
  ['report', reportJsonSchema()],
] as const)('muster schema %s prints that schema, as JSON alone', async (of, published) => {
  const screen = fakeScreen();
  expect(await schema(of, screen)).toBe(0);
  expect(screen.said.raw.map((text) => JSON.parse(text))).toEqual([published]);
});
