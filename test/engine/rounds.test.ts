import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import type { Row } from '../../src/core/outcome/rows.js';
import { integratorLog } from '../../src/engine/integratorLog.js';
import { latestRound, roundRow } from '../../src/engine/rounds.js';

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
