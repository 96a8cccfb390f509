import { afterEach, describe, expect, it } from 'vitest';
import { executions, NOTING, type Place, place } from '../support/muster.js';

let here: Place;
afterEach(() => here.close());

const FUNCTIONS = `
export const busy = ({ input }) => {
  const until = Date.now() + input.ms;
  while (Date.now() < until);
  return input.ms;
};
export const dies = () => process.kill(process.pid, 'SIGKILL');
`;

describe('what one brief does to the others', () => {
  it('a busy call of 20 s beside 50 briefs holds up no heartbeat: none of them is tried twice', async () => {
    here = place();
    const functions = here.write('functions.mjs', FUNCTIONS);
    here.write('noting.mjs', NOTING);
    here.write('log', '');
    await here.worker('--functions', functions);
    const plan = here.write('plan.json', {
      muster: 1,
      name: 'busy',
      brief: 'Be busy beside others.',
      limits: { concurrency: 8 },
      defaults: { heartbeat: '3s' },
      briefs: [
        { id: 'busy', call: 'busy', stdin: { from: '{"ms": 20000}' } },
        ...Array.from({ length: 50 }, (_, n) => ({
          id: `b${n}`,
          run: ['node', 'noting.mjs', 'log', `b${n}`, '1500'],
        })),
      ],
    });
    const { code, stderr } = await here.muster('run', plan, '--id', 'busy');
    expect(code, stderr).toBe(0);
    const ran = executions(here.read('log'));
    expect(ran).toHaveLength(50);
    expect(new Set(ran.map(({ brief }) => brief)).size).toBe(50);
    const report = JSON.parse((await here.muster('result', 'busy', '--json')).stdout);
    expect(report.answer.ledger.map(({ status }: { status: string }) => status)).toEqual(
      Array(51).fill('succeeded'),
    );
  });

  it('a brief that kills its worker is found out and blamed, and nobody else is', async () => {
    here = place();
    const functions = here.write('functions.mjs', FUNCTIONS);
    const plan = here.write('plan.json', {
      muster: 1,
      name: 'deadly',
      brief: 'One of these kills its worker.',
      defaults: { heartbeat: '2s', retry: { attempts: 1 } },
      briefs: [
        { id: 'deadly', call: 'dies' },
        ...Array.from({ length: 4 }, (_, n) => ({ id: `b${n}`, run: ['sleep', '4'] })),
      ],
    });
    // A worker that is started again whenever it dies, as a supervisor would.
    let stopped = false;
    const keep = async () => {
      while (!stopped) {
        const worker = await here.worker('--functions', functions).catch(() => undefined);
        if (worker && worker.exitCode === null && worker.signalCode === null) {
          await new Promise((resolve) => worker.once('exit', resolve));
        }
      }
    };
    const kept = keep();
    const { code } = await here.muster('run', plan, '--id', 'deadly');
    stopped = true;
    expect(code).toBe(3);
    const { answer } = JSON.parse((await here.muster('result', 'deadly', '--json')).stdout);
    const ledger = answer.ledger as { brief: string; status: string; reason?: { type: string } }[];
    expect(ledger.filter(({ status }) => status !== 'succeeded')).toMatchObject([
      { brief: 'deadly', status: 'failed', reason: { type: 'WorkerCrashed' } },
    ]);
    await here.close();
    await kept;
  });

  it('cancelling reaches a running command within 10 s, keeps what it printed, and still reports', async () => {
    here = place();
    await here.worker();
    const plan = here.write('plan.json', {
      muster: 1,
      name: 'long',
      brief: 'Take long.',
      briefs: [
        {
          id: 'long',
          run: ['sh', '-c', 'trap "date +%s > stopped; exit 1" TERM; echo begun; sleep 600 & wait'],
        },
      ],
    });
    await here.muster('start', plan, '--id', 'long');
    await expect
      .poll(async () => (await here.muster('status', 'long', '--json')).stdout, { timeout: 20_000 })
      .toContain('"r');
    expect((await here.muster('cancel', 'long')).code).toBe(0);
    const asked = Date.now();
    expect((await here.muster('watch', 'long')).code).toBe(4);
    expect(Number(here.read('stopped')) * 1000 - asked).toBeLessThan(10_000);
    const { answer } = JSON.parse((await here.muster('result', 'long', '--json')).stdout);
    expect(answer.ledger).toMatchObject([{ brief: 'long', status: 'cancelled' }]);
  });
});
