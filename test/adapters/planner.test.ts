import { expect, it } from 'vitest';
import { ownRole } from '../../src/adapters/roles.js';
import { compileText, memoryFolder } from '../core/plan/support.js';

it('the role that plans shows a plan that compiles, without a warning', async () => {
  const [, shown] = /```yaml\n([\s\S]+?)```/.exec((await ownRole('planner'))!) ?? [];
  const around = memoryFolder({ 'docs/a.md': 'A.', 'docs/b/c.md': 'C.' });
  const roles = { ...around, ownRoles: ['explorer', 'researcher'], ownRole: async () => 'You are one.' };
  const compiled = await compileText(shown!, {}, roles);
  expect(compiled).toMatchObject({ ok: true });
  expect(compiled.ok && compiled.warnings).toEqual([]);
});
