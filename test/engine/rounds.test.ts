import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import type { Row } from '../../src/core/outcome/rows.js';
import { encodeSegment } from '../../src/core/outcome/segment.js';
import { integrateRun } from '../../src/engine/integrateRun.js';
import { integratorLog } from '../../src/engine/integratorLog.js';
import { latestRound, roundRow } from '../../src/engine/rounds.js';
import { segmentName } from '../../src/engine/segments.js';
import { readReport } from '../support/report.js';
import { effects, OPENED, RUN, recordRun, textOf } from './recordedRun.js';

const BRIEFS = 50;
const ASKED = 40;
const sent = (why: string) =>
  Array.from({ length: BRIEFS }, (_, u) => ({ u, label: `b${u}`, findings: [`${why} ${u}`] }));

/** A store of which is counted how often something is read, and a run whose integrator has asked and sent back. */
async function recorded() {
  const memory = memoryStore();
  let reads = 0;
  const read: typeof memory.read = (...given) => {
    reads++;
    return memory.read(...given);
  };
  const said: Row[] = [];
  const log = await integratorLog(memory, 'first', (row) => said.push(row));
  const write = (row: Row) => log.record(row, () => said.includes(row));
  for (let n = 0; n < ASKED; n++) await write({ row: 'decision', about: `question ${n}`, chose: 'yes' });
  await write(roundRow(1, sent('first')));
  return { store: { ...memory, read }, write, reads: () => reads };
}

describe('what was sent back', () => {
  it('is read once for all briefs of a round, however long the log of the integrator is', async () => {
    const { store, reads } = await recorded();
    const found = await Promise.all(sent('').map((node) => latestRound(store, 'first', node)));
    expect(found).toEqual(sent('first').map(({ findings }) => ({ round: 1, findings })));
    // Each looks once whether there is more by now.
    expect(reads()).toBeLessThanOrEqual(ASKED + 1 + BRIEFS);
  });

  it('is what was sent back last, also where that was recorded since', async () => {
    const { store, write } = await recorded();
    expect(await latestRound(store, 'first', { u: 7 })).toEqual({ round: 1, findings: ['first 7'] });
    await write(roundRow(2, sent('then').slice(7)));
    expect(await latestRound(store, 'first', { u: 7 })).toEqual({ round: 2, findings: ['then 7'] });
    expect(await latestRound(store, 'first', { u: 6 })).toEqual({ round: 1, findings: ['first 6'] });
    expect(await latestRound(store, 'first', { u: 7, k: 0 })).toBeUndefined();
  });
});

describe('a round that was recorded, of a run that was cancelled before it began', () => {
  const PLAN = `muster: 1
name: parks
brief: How many parks?
requirements: [{ id: few, says: No city has over 50., check: { range: { max: 50 }, in: '$.rows[*].parks' } }]
briefs:
  - { id: oslo, run: [node, a.mjs], parse: json }
  - { id: porto, run: [node, b.mjs], parse: json }
integrate: { merge: { rows: { from: [oslo, porto], at: $ } }, repair: { rounds: 1 } }
`;
  const integrated = async (tookUp: boolean) => {
    const ends = { oslo: 310, porto: 12 };
    const { store, plan } = await recordRun(
      PLAN,
      Object.fromEntries(
        Object.entries(ends).map(([city, parks]) => [city, { status: 'succeeded', value: { parks } }]),
      ),
    );
    const closing = { units: 'ss', fans: {} };
    const given = { run: RUN, plan, now: OPENED + 9_000 };
    const sent = await integrateRun(
      { ...given, note: { ...closing, reason: 'completed' }, repairs: 0 },
      effects(store),
    );
    expect(sent).toEqual({ sentBack: [{ u: 0 }] });
    if (tookUp) {
      const rows: Row[] = [{ row: 'again', time: 1, round: 1, findings: ['It is too many.'] }];
      const name = segmentName({ run: RUN.first, unit: '0' }, 1);
      await store.create(name, encodeSegment({ dispatch: 2, attempt: 1 }, rows, []));
    }
    const result = await integrateRun(
      { ...given, note: { ...closing, reason: 'cancelled' } },
      effects(store),
    );
    const { run } = readReport(await textOf(store, result.report.json));
    return { repairs: run.repairs, text: await textOf(store, result.report.markdown) };
  };

  it('is told as one that was not carried out', async () => {
    const { repairs, text } = await integrated(false);
    expect(repairs).toMatchObject([[{ label: 'oslo', undone: true }]]);
    expect(text).toMatch(/Sent back \| `oslo` was to be, but the run ended before/);
    expect(text).not.toContain('with what was found wrong');
  });
  it('is told as any other where it began after all', async () => {
    const { repairs, text } = await integrated(true);
    expect(repairs![0]![0]).not.toHaveProperty('undone');
    expect(text).toMatch(/Sent back \| `oslo`, with what was found wrong/);
  });
});
