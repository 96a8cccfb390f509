import { afterEach, describe, expect, it } from 'vitest';
import { alive } from '../adapters/executors/alive.js';
import { executions, itEmbedded, type Place, place } from '../support/muster.js';
import { answerOf, byBrief, recorded, twoWaves } from '../support/waves.js';

const places: Place[] = [];
function here(options?: Parameters<typeof place>[0]): Place {
  const one = place(options);
  places.push(one);
  return one;
}
afterEach(async () => {
  for (const one of places.splice(0)) await one.close();
});

/** How a run that nothing disturbs answers; asked once. */
let calmly: Promise<string> | undefined;
const undisturbed = () => (calmly ??= runCalmly());
async function runCalmly(): Promise<string> {
  const calm = here();
  await calm.worker();
  const { code, stderr } = await calm.muster('run', twoWaves(calm), '--id', 'calm');
  expect(code, stderr).toBe(0);
  const { digest, ledger } = await answerOf(calm, 'calm');
  expect(ledger).toHaveLength(16);
  return digest;
}

const begun = (at: Place, more: number) =>
  expect
    .poll(() => executions(at.read('log')).length, { timeout: 60_000, interval: 50 })
    .toBeGreaterThan(more);

/** Every brief once in the ledger; repeats only of what had no row yet, under the same key, at no try's cost. */
function expectExact(at: Place, ledger: readonly { brief: string }[], hadRow: ReadonlySet<string>): number {
  expect(new Set(ledger.map(({ brief }) => brief)).size).toBe(16);
  expect(ledger).toHaveLength(16);
  const repeated = [...byBrief(executions(at.read('log')))].filter(([, runs]) => runs.length > 1);
  for (const [brief, runs] of repeated) {
    expect([...hadRow], `${brief} was recorded`).not.toContain(brief);
    expect(new Set(runs.map(({ key }) => key)).size, `${brief} kept its key`).toBe(1);
    expect(new Set(runs.map((run) => run.try)), 'a killed worker costs no try').toEqual(new Set(['1']));
  }
  return repeated.length;
}

describe('a run survives', () => {
  it('kill -9 of the worker mid-wave: same answer, nothing recorded again, repeats under the same key', async () => {
    const expected = await undisturbed();
    const stormy = here();
    const first = await stormy.worker();
    expect((await stormy.muster('start', twoWaves(stormy), '--id', 'stormy')).code).toBe(0);
    await begun(stormy, 6);
    first.kill('SIGKILL');
    const hadRow = recorded(stormy);
    expect(hadRow.size).toBeGreaterThan(0);
    await stormy.worker();
    expect((await stormy.muster('watch', 'stormy')).code).toBe(0);
    const { digest, ledger } = await answerOf(stormy, 'stormy');
    expect(digest).toBe(expected);
    // At most four ran at once, and at least one had noted its execution.
    const repeats = expectExact(stormy, ledger, hadRow);
    expect(repeats).toBeGreaterThan(0);
    expect(repeats).toBeLessThanOrEqual(4);
  });

  itEmbedded('kill -9 of the server, and comes to the same answer', async () => {
    const expected = await undisturbed();
    const stormy = here({ embedded: true });
    const file = twoWaves(stormy);
    const started = await stormy.muster('start', file, '--id', 'stormy');
    expect(started.code, started.stderr).toBe(0);
    await begun(stormy, 6);
    const { serverPid } = JSON.parse(stormy.read('home/supervisor.json')) as { serverPid: number };
    process.kill(serverPid, 'SIGKILL');
    const hadRow = recorded(stormy);
    expect((await stormy.muster('watch', 'stormy')).code).toBe(0);
    const { digest, ledger } = await answerOf(stormy, 'stormy');
    expect(digest).toBe(expected);
    expectExact(stormy, ledger, hadRow);
  });

  it('a worker paused past its heartbeats: resumed, it cannot commit, and its work counts once', async () => {
    const expected = await undisturbed();
    const stormy = here();
    const paused = await stormy.worker();
    expect((await stormy.muster('start', twoWaves(stormy), '--id', 'paused')).code).toBe(0);
    await begun(stormy, 6);
    paused.kill('SIGSTOP');
    const hadRow = recorded(stormy);
    await stormy.worker();
    // Others go on once the heartbeats are overdue; then the paused one wakes up with finished commands in hand.
    await begun(stormy, 12);
    paused.kill('SIGCONT');
    expect((await stormy.muster('watch', 'paused')).code).toBe(0);
    const { digest, ledger } = await answerOf(stormy, 'paused');
    expect(digest).toBe(expected);
    expectExact(stormy, ledger, hadRow);
  });

  it('kill -9 of the worker, which takes the commands it ran with it', async () => {
    const stormy = here();
    const worker = await stormy.worker();
    const plan = stormy.write('sleep.json', {
      muster: 1,
      name: 'sleep',
      brief: 'Sleep.',
      briefs: [{ id: 'a', run: ['sh', '-c', `sleep 300; : ${stormy.folder}/asleep`] }],
    });
    expect((await stormy.muster('start', plan)).code).toBe(0);
    const asleep = () => alive(`${stormy.folder}/asleep`);
    await expect.poll(asleep, { timeout: 30_000 }).not.toEqual([]);
    worker.kill('SIGKILL');
    await expect.poll(asleep, { timeout: 10_000 }).toEqual([]);
  });
});
