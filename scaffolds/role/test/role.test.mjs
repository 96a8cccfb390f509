import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { createMuster } from 'muster';

const folder = fileURLToPath(new URL('..', import.meta.url));
const muster = await createMuster({
  bringUp: false,
  settings: { MUSTER_HOME: mkdtempSync(join(tmpdir(), 'muster-')) },
});

test('a plan finds the role beside it, and a model is told what it says', async () => {
  const brief = { id: 'try_it', role: '__NAME__', ask: 'Do it.', output: { type: 'object' } };
  const compiled = await muster.check({
    folder,
    document: { muster: 1, name: 'try', brief: 'Try it.', models: { default: 'some-model' }, briefs: [brief] },
  });
  assert.deepEqual(compiled.ok ? compiled.warnings : compiled.problems, []);
  const role = compiled.plan.roles.__NAME__;
  assert.ok(role.description, 'the front matter says in one line what it does');
  assert.match(role.prompt, /\bgive back\b|\breturn\b/i, 'it says what is to come back');
});
