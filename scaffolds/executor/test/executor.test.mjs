import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { createMuster } from 'muster';
import { __NAME__ } from '../index.mjs';

const folder = fileURLToPath(new URL('..', import.meta.url));
const carriedOut = (input, signal = new AbortController().signal) =>
  __NAME__({ input, signal, progress: () => {}, brief: { id: 'try_it' }, try: 1, key: 'x' });

test('counts words, whatever case they are in', async () => {
  assert.deepEqual(await carriedOut({ text: 'One two, ONE.' }), { words: { one: 2, two: 1 } });
});

test('says what is wrong with what it was given', async () => {
  for (const input of [null, {}, { text: 1 }]) await assert.rejects(carriedOut(input), /`text` is missing/);
});

test('ends when it is told to', async () => {
  await assert.rejects(carriedOut({ text: 'One' }, AbortSignal.abort()), { name: 'AbortError' });
});

test('is called by a plan in which nothing is wrong', async () => {
  const muster = await createMuster({
    bringUp: false,
    settings: { MUSTER_HOME: mkdtempSync(join(tmpdir(), 'muster-')) },
  });
  const compiled = await muster.check({ folder, text: readFileSync(join(folder, 'plan.yaml'), 'utf8') });
  assert.deepEqual(compiled.ok ? compiled.warnings : compiled.problems, []);
});
