import { expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import type { ClosingNote } from '../../src/core/schedule/closing.js';
import { blobName } from '../../src/engine/artifacts.js';
import { integrateRun } from '../../src/engine/integrateRun.js';
import type { Store } from '../../src/ports/store.js';
import { readReport } from '../support/report.js';
import { effects, OPENED, RUN, recordRun, textOf } from './recordedRun.js';

const PLAN = `muster: 1
name: pages
brief: How many parks are there?
requirements:
  - { id: found, says: The pages say so., check: { provenance: strict, against: inputs, in: '$.read.text' } }
inputs: { pages: { glob: '*.md' } }
models: { default: m }
briefs:
  - { id: read, ask: Read the pages., model: default, files: [pages], output: { type: object } }
`;
const PAGE = 'Oslo has 12 parks.';
const NOTE: ClosingNote = { reason: 'completed', units: 's', fans: {} };

async function requirementOf(text: string, storeOf = (store: Store) => store) {
  const value = { text };
  const files = { 'page.md': PAGE };
  const { store, plan } = await recordRun(PLAN, { read: { status: 'succeeded', value } }, { files });
  const read = storeOf(store);
  const result = await integrateRun({ run: RUN, plan, note: NOTE, now: OPENED + 60_000 }, effects(read));
  const report = readReport(await textOf(read, result.report.json));
  return { status: result.status, requirement: report.answer.requirements[0]! };
}

it('what was said is held against the files that the run began with', async () => {
  const right = await requirementOf('There are 12 parks in Oslo.');
  expect(right).toMatchObject({ status: 'complete', requirement: { status: 'covered' } });
  const wrong = await requirementOf('There are 13 parks in Oslo.');
  expect(wrong).toMatchObject({
    status: 'partial',
    requirement: { status: 'contradicted', unsupported: [{ at: '$.read.text', cites: ['read'] }] },
  });
});

it('a file that is gone from the store makes a requirement that cannot be worked out, and never ends the integration', async () => {
  const gone = blobName(sha256(PAGE));
  const without = (store: Store): Store => ({
    ...store,
    read: (name, range) => (name === gone ? Promise.resolve(undefined) : store.read(name, range)),
  });
  const { requirement } = await requirementOf('There are 12 parks in Oslo.', without);
  expect(requirement.status).toBe('missing');
  expect(requirement.evidence).toContain('is no longer in the store');
});
