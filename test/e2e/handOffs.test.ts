import { afterEach, describe, expect, it } from 'vitest';
import { type Place, place } from '../support/muster.js';

let here: Place;
afterEach(() => here.close());

const TOPICS = (version: number) => ({
  version,
  type: 'object',
  properties: { topics: { type: 'array', items: { type: 'string' } } },
  required: ['topics'],
});
const print = (value: unknown) => ['node', '-e', `console.log(${JSON.stringify(JSON.stringify(value))})`];
const verdict = {
  id: 'verdict',
  needs: ['explore'],
  run: ['cat'],
  stdin: { from: 'explore.output' },
  parse: 'json',
  expects: { explore: TOPICS(1) },
};
const planOf = (...briefs: readonly object[]) =>
  here.write('plan.json', { muster: 1, name: 'handed on', brief: 'What decides?', briefs });

interface Row {
  readonly brief: string;
  readonly status: string;
  readonly reason?: { readonly type: string; readonly message: string };
}
const rowOf = (stdout: string, brief: string) =>
  (JSON.parse(stdout) as { answer: { ledger: readonly Row[] } }).answer.ledger.find(
    (row) => row.brief === brief,
  );

describe('a hand-off', () => {
  it('that cannot hold is refused before anything starts, and `muster plan` counts those that do', async () => {
    here = place();
    const loose = { id: 'explore', run: print({}), parse: 'json', output: { version: 2, type: 'object' } };
    const refused = await here.muster('plan', planOf(loose, verdict));
    expect(refused.code).toBe(2);
    expect(refused.stderr.replace(/\s+/g, ' ')).toContain(
      '`explore` (version 2) may deliver {}, and that is not what `verdict` (version 1) expects',
    );
    const good = await here.muster('plan', planOf({ ...loose, output: TOPICS(2) }, verdict));
    expect(good.stdout).toMatch(/hand-offs +1 compatible/);
  });

  it('that is broken when it happens names both sides in the report', async () => {
    here = place();
    await here.worker();
    const explore = { id: 'explore', run: print({ topics: 'cost' }), parse: 'json' };
    const { stdout, code } = await here.muster('run', planOf(explore, verdict), '--id', 'broken', '--json');
    expect(code).toBe(3);
    expect(rowOf(stdout, 'verdict')).toMatchObject({
      status: 'failed',
      reason: {
        type: 'ContractViolation',
        message:
          '`explore` delivered what `verdict` (version 1) does not expect: $.topics must be array. Mend `explore`, or what `verdict` `expects` of it.',
      },
    });
    const { stdout: page } = await here.muster('result', 'broken', '--markdown');
    expect(page).toContain('`explore` delivered what `verdict` (version 1) does not expect');
  });

  it('that nobody takes up in time, for the only slot of the only worker is taken, times out by both names', async () => {
    here = place();
    await here.worker('--concurrency', '1');
    const explore = { id: 'explore', run: print({ topics: ['cost'] }), parse: 'json', output: TOPICS(1) };
    const busy = { id: 'busy', needs: ['explore'], run: ['node', '-e', 'setTimeout(() => {}, 14_000)'] };
    // It is started while the other still runs.
    const waiting = {
      ...verdict,
      needs: ['explore', 'busy'],
      await: { busy: { rule: 'all_done', by: '8s' } },
      acknowledge: '1s',
    };
    const file = planOf(explore, busy, waiting);
    const { stdout } = await here.muster('run', file, '--id', 'unacknowledged', '--json');
    expect(rowOf(stdout, 'busy')?.status).toBe('succeeded');
    expect(rowOf(stdout, 'verdict')).toMatchObject({
      status: 'failed',
      reason: {
        type: 'TimedOut',
        message: expect.stringMatching(
          /^`verdict` has not acknowledged what `explore` delivered within 1 s of being started/,
        ),
      },
    });
  });
});
