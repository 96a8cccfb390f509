import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { createMuster } from 'muster';

const folder = fileURLToPath(new URL('..', import.meta.url));

test('the plan has no problem and no warning, and finds the documents', async () => {
  const muster = await createMuster({
    bringUp: false,
    settings: { MUSTER_HOME: mkdtempSync(join(tmpdir(), 'muster-')) },
  });
  const compiled = await muster.check({ folder, text: readFileSync(join(folder, 'plan.yaml'), 'utf8') });
  assert.deepEqual(compiled.ok ? compiled.warnings : compiled.problems, []);
  assert.ok(compiled.plan.inputs.documents.some(({ path }) => path.endsWith('README.md')));
});

test('the command gives the headings of a document, in the form that the plan promises', () => {
  const said = execFileSync(process.execPath, ['tools/headings.mjs', 'README.md'], { cwd: folder });
  assert.deepEqual(JSON.parse(said), { document: 'README.md', headings: ['__NAME__'] });
});
