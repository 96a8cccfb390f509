import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { gates } from '../../../src/adapters/governing/gates.js';
import { asked } from '../../../src/core/govern/governor.js';
import type { Message } from '../../../src/core/govern/lease.js';
import { fresh, type State } from '../../../src/core/govern/state.js';

const ALLOWED = { requests: 50, tokens: 20_000, perMs: 6_000 };
const WORKERS = 4;
const WINDOWS = 20;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A number from 0 to 1, the same for the same text (FNV-1a). */
function chanceOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return (hash % 1000) / 1000;
}
const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/**
 * A provider that allows so much in any window, and refuses what is more: tokens of a question count when it comes, those of an
 * answer when it is given, 50 to 350 ms later. Answers differ in length by half either way.
 */
function provider(answer: number) {
  const counted: { readonly at: number; readonly tokens: number; readonly calls: number }[] = [];
  const calls: {
    readonly at: number;
    readonly run: string;
    readonly tokens: number;
    readonly isTaken: boolean;
  }[] = [];
  let most = 0;
  const sum = (of: 'tokens' | 'calls') =>
    counted.reduce((all, one) => (one.at > Date.now() - ALLOWED.perMs ? all + one[of] : all), 0);
  const count = (tokens: number, calls: number) => {
    counted.push({ at: Date.now(), tokens, calls });
    most = Math.max(most, sum('tokens'));
  };
  return {
    calls,
    most: () => most,
    async ask(run: string, item: number): Promise<{ input: number; output: number } | undefined> {
      const share = chanceOf(`run=${run} item ${item}`);
      await sleep(1 + 4 * share);
      const [input, output] = [10, Math.round(answer * (0.5 + share))];
      const at = Date.now();
      const isTaken = sum('calls') < ALLOWED.requests && sum('tokens') + input <= ALLOWED.tokens;
      calls.push({ at, run, tokens: isTaken ? input + output : 0, isTaken });
      if (!isTaken) return undefined;
      count(input, 1);
      await sleep(50 + 300 * share);
      count(output, 0);
      return { input, output };
    },
  };
}

/** In time that passes when nobody has anything to do. */
async function used(answer: number) {
  let state: State = fresh('e');
  const ask = async (_: string, message: Message) => {
    await sleep(3 + 10 * chanceOf(`${message.worker} ${message.seq}`));
    const answered = asked(state, message, Date.now());
    state = answered.state;
    await sleep(2);
    return answered.lease;
  };
  const here = provider(answer);
  const workers = Array.from({ length: WORKERS }, (_, n) =>
    gates({ allowances: { m: ALLOWED }, host: 'api.test', worker: `w${n}`, ask }),
  );
  const signal = new AbortController().signal;
  let items = 0;
  // 25 briefs of each run are under way in each worker, one after the other.
  const brief = async (run: string, worker: (typeof workers)[number]) => {
    for (;;) {
      const wish = { model: 'm', run, characters: 40, signal, waits: () => {} };
      const pass = await worker.enter(wish);
      pass.sent();
      const took = await here.ask(run, items++);
      if (took) pass.answered();
      pass.over(took ? { kind: 'answered', ...took } : { kind: 'limited', retryAfterMs: 1_000 });
    }
  };
  for (const worker of workers)
    for (const run of ['a', 'b']) for (let n = 0; n < 25; n++) void brief(run, worker);
  const from = Date.now() + ALLOWED.perMs;
  await vi.advanceTimersByTimeAsync((WINDOWS + 1) * ALLOWED.perMs);
  for (const worker of workers) worker.close();
  const seen = here.calls.filter(({ at }) => at >= from);
  const taken = seen.filter(({ isTaken }) => isTaken);
  const share = Math.max(
    taken.length / (ALLOWED.requests * WINDOWS),
    taken.reduce((all, { tokens }) => all + tokens, 0) / (ALLOWED.tokens * WINDOWS),
  );
  return {
    share,
    refused: (seen.length - taken.length) / seen.length,
    ofA: taken.filter(({ run }) => run === 'a').length / taken.length,
    most: here.most(),
  };
}

describe('of what a provider allows, four workers and two runs', () => {
  it.each([150, 330, 600, 900])(
    'use nine tenths where an answer takes %i tokens, are never refused, and have equal parts',
    async (answer) => {
      const { share, refused, ofA, most } = await used(answer);
      expect(refused).toBe(0);
      // But for an answer that is longer than any before it.
      expect(most).toBeLessThanOrEqual(1.02 * ALLOWED.tokens);
      expect(share).toBeGreaterThan(0.9);
      expect(ofA).toBeGreaterThan(0.45);
      expect(ofA).toBeLessThan(0.55);
    },
  );
});

it('a worker asks no more often for two hundred calls that wait than for fifty', async () => {
  const asks = async (calls: number) => {
    let state: State = fresh('e');
    let messages = 0;
    const ask = async (_: string, message: Message) => {
      messages++;
      await sleep(5);
      const answered = asked(state, message, Date.now());
      state = answered.state;
      return answered.lease;
    };
    const worker = gates({ allowances: { m: ALLOWED }, host: 'api.test', worker: `w${calls}`, ask });
    const wish = { model: 'm', run: 'r', characters: 40, waits: () => {} };
    const stop = new AbortController();
    for (let n = 0; n < calls; n++) void worker.enter({ ...wish, signal: stop.signal }).catch(() => {});
    await vi.advanceTimersByTimeAsync(5_000);
    worker.close();
    return messages;
  };
  const few = await asks(60);
  expect(await asks(200)).toBeLessThan(few * 1.3);
});

it.each([
  ['one request at a time', { requests: 1, perMs: 1_000 }, 70],
  ['two requests', { requests: 2, perMs: 2_000 }, 70],
  ['tokens for one call', { tokens: 2_100, perMs: 1_000 }, 65],
  ['one call at once', { concurrency: 1 }, 250],
  ['three calls at once', { concurrency: 3 }, 1_000],
])('where there is least, %s, four workers with as many calls each get on', async (_, allowed, least) => {
  let state: State = fresh('e');
  const ask = async (_: string, message: Message) => {
    await sleep(5);
    const answered = asked(state, message, Date.now());
    state = answered.state;
    return answered.lease;
  };
  const done: number[] = [0, 0, 0, 0];
  const stop = new AbortController();
  const workers = done.map((_, n) =>
    gates({ allowances: { m: allowed }, host: 'api.test', worker: `w${n}`, ask }),
  );
  const brief = async (n: number) => {
    for (;;) {
      const wish = { model: 'm', run: `r${n}`, characters: 40, signal: stop.signal, waits: () => {} };
      const pass = await workers[n]!.enter(wish);
      pass.sent();
      await sleep(100);
      pass.over({ kind: 'answered', input: 10, output: 2_000 });
      done[n]!++;
    }
  };
  for (const n of done.keys()) for (let i = 0; i < 3; i++) void brief(n).catch(() => {});
  await vi.advanceTimersByTimeAsync(80_000);
  for (const worker of workers) worker.close();
  const all = done.reduce((sum, n) => sum + n, 0);
  expect(all).toBeGreaterThan(least);
  for (const n of done) expect(n).toBeGreaterThan(0.7 * (all / 4));
});
