import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { OWN_ROLES, ownRole } from '../../src/adapters/roles.js';
import { Problems } from '../../src/core/plan/problems.js';
import { readRole } from '../../src/core/plan/role.js';

it.each(OWN_ROLES)(
  'the role %s says what it is good at and best for, for which tier, and how it works',
  async (name) => {
    const problems = new Problems();
    const role = readRole((await ownRole(name))!, name, problems);
    expect(problems.list()).toEqual([]);
    expect(role!.prompt.length).toBeGreaterThan(200);
    expect(role!.description).toMatch(/\.$/);
    expect(role!.strengths!.length * role!.bestFor!.length).toBeGreaterThan(3);
    expect(['fast', 'default', 'capable']).toContain(role!.model);
  },
);

it('each of the files is a role by its name, and nothing else is one', async () => {
  const files = readdirSync(new URL('../../roles/', import.meta.url));
  expect(files.sort()).toEqual(OWN_ROLES.map((name) => `${name}.md`).sort());
  expect(await ownRole('../package')).toBeUndefined();
});
