import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { Failure } from '../../src/core/outcome/failure.js';
import type { Brief } from '../../src/core/plan/plan.js';
import { runUnit } from '../../src/engine/runUnit.js';
import type { Task } from '../../src/ports/executor.js';
import type { Store } from '../../src/ports/store.js';
import { attempt, planOf, type Setting, setting, untilStopped, value } from './setting.js';

/** Where a worker comes to its end: at which of its writes, before or after the bytes are there, and how. */
interface Fault {
  readonly at: number;
  readonly when: 'before' | 'after';
  /** `dies`: nothing is heard of it again. `refused`: the store answers with an error. */
  readonly how: 'dies' | 'refused';
}

/** A store as one worker sees it, with that fault in it. */
function faulty(store: Store, fault: Fault | undefined, onFault: () => void): Store {
  let writes = 0;
  const strike = (): Promise<never> => {
    onFault();
    if (fault?.how === 'dies') return new Promise(() => undefined);
    return Promise.reject(new Failure('StoreUnavailable', 'the store is away'));
  };
  return {
    ...store,
    async create(name, bytes) {
      const struck = fault && ++writes === fault.at;
      if (struck && fault.when === 'before') return strike();
      const done = await store.create(name, bytes);
      return struck ? strike() : done;
    },
  };
}

/** What each try of the brief comes to, the first time and whenever it is repeated. */
type Script = readonly ('succeeds' | 'fails' | 'rejected' | 'hangs')[];

interface Effected {
  readonly try: number;
  readonly key: string;
  /** It ended, one way or the other, before its worker did. */
  readonly definite: boolean;
}

/** Delivers the unit, with one fault per delivery, until it has ended. */
async function deliver(script: Script, faults: readonly (Fault | undefined)[], more: Partial<Brief> = {}) {
  const store = memoryStore();
  const plan = planOf({ id: 'dig', accept: [{ kind: 'cel', cel: 'output != "bad"' }], ...more });
  const s = await setting(plan, () => value(0), store);
  const effected: Effected[] = [];
  const ended = [];
  const executor = async (task: Task) => {
    const what = script[task.try - 1] ?? 'succeeds';
    effected.push({ try: task.try, key: task.key, definite: what !== 'hangs' });
    if (what === 'hangs') return untilStopped(task);
    if (what === 'fails') throw new Failure('CommandFailed', 'it failed');
    return value(what === 'rejected' ? 'bad' : 'good');
  };
  for (let n = 1; n <= faults.length + 10; n++) {
    const said = await delivery(s, n, faults[n - 1], executor);
    if (said === 'dead' || said === 'refused') continue;
    ended.push(said);
    if (said.kind === 'ended') break;
    if (said.kind === 'again') s.clock.pass(said.delayMs);
  }
  return { s, effected, ended, state: await s.state() };
}

async function delivery(
  s: Setting,
  n: number,
  fault: Fault | undefined,
  executor: (task: Task) => Promise<ReturnType<typeof value>>,
) {
  let die: () => void = () => undefined;
  const dead = new Promise<'dead'>((then) => {
    die = () => then('dead');
  });
  const effects = {
    ...s.effects,
    store: faulty(s.store, fault, () => fault?.how === 'dies' && die()),
    executors: { run: executor, ask: executor, http: executor, call: executor, constant: executor },
    isolated: executor,
  };
  const ran = runUnit(s.lease({ ...attempt(n), scheduledAt: 1_000_000 }), effects).catch((error: unknown) => {
    if (error instanceof Failure && error.type === 'StoreUnavailable') return 'refused' as const;
    throw error;
  });
  return s.clock.until(Promise.race([ran, dead]));
}

function holds({ effected, ended, state }: Awaited<ReturnType<typeof deliver>>): void {
  const last = ended.at(-1);
  // One ending, and it is what was returned.
  expect(last).toMatchObject({ kind: 'ended', result: { status: state.final?.status, tries: state.tries } });
  expect(state.late).toBe(0);
  // One key for each generation of work: a repeat never looks like new work.
  for (const number of new Set(effected.map((one) => one.try)))
    expect(new Set(effected.filter((one) => one.try === number).map(({ key }) => key)).size).toBe(1);
}

const anyFault: fc.Arbitrary<Fault> = fc.record({
  at: fc.integer({ min: 1, max: 3 }),
  when: fc.constantFrom('before', 'after'),
  how: fc.constantFrom('dies', 'refused'),
});
const anyScript: fc.Arbitrary<Script> = fc.array(fc.constantFrom('succeeds', 'fails', 'rejected', 'hangs'), {
  maxLength: 3,
});

describe('a worker that ends at any of its writes', () => {
  for (const how of ['dies', 'refused'] as const)
    for (const when of ['before', 'after'] as const)
      for (const at of [1, 2, 3])
        it(`${how} ${when} write ${at}: the unit ends once, with every try made`, async () => {
          const fault = { at, when, how };
          for (const script of [
            ['succeeds'],
            ['fails', 'succeeds'],
            ['hangs', 'rejected', 'succeeds'],
          ] as const) {
            const ran = await deliver(script, [fault, fault, undefined]);
            holds(ran);
            expect(ran.state.final?.status).toBe('succeeded');
            expect(ran.state.tries).toBe(script.length);
          }
        });

  it('killed between the effect and its row: the effect is repeated, under the same key and as the same try', async () => {
    const ran = await deliver(['succeeds'], [{ at: 1, when: 'before', how: 'dies' }]);
    expect(ran.effected.map(({ try: number }) => number)).toEqual([1, 1]);
    expect(new Set(ran.effected.map(({ key }) => key)).size).toBe(1);
    expect(ran.state.tries).toBe(1);
  });

  it('killed between the row and its report: nothing is repeated', async () => {
    const ran = await deliver(['succeeds'], [{ at: 1, when: 'after', how: 'dies' }]);
    expect(ran.effected).toHaveLength(1);
    expect(ran.ended).toEqual([{ kind: 'ended', result: { status: 'succeeded', tries: 1 } }]);
  });

  it('wherever and however often: one ending, no late row, every repeat under its own key', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyScript,
        fc.array(fc.option(anyFault, { nil: undefined }), { maxLength: 6 }),
        async (script, faults) => {
          holds(await deliver(script, faults));
        },
      ),
      { numRuns: 300 },
    );
  }, 120_000);

  it('what is recorded never runs again: a try is repeated only after a fault, once for each at most', async () => {
    await fc.assert(
      fc.asyncProperty(anyScript, fc.array(anyFault, { maxLength: 4 }), async (script, faults) => {
        const { effected, state } = await deliver(script, faults);
        expect(effected.length - state.tries).toBeLessThanOrEqual(faults.length);
        const lost = faults.filter(({ when }) => when === 'before').length;
        expect(effected.length - state.tries).toBeLessThanOrEqual(
          lost + faults.filter(({ at }) => at > 1).length,
        );
        if (faults.every(({ at, when }) => at === 1 && when === 'after'))
          expect(effected).toHaveLength(state.tries);
      }),
      { numRuns: 200 },
    );
  }, 120_000);
});

describe('what must not run twice', () => {
  it('runs once, wherever and however often its workers end; again only after it definitely failed', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyScript,
        fc.array(fc.option(anyFault, { nil: undefined }), { maxLength: 6 }),
        async (script, faults) => {
          const { effected, state, ended } = await deliver(script, faults, { effect: 'once' });
          const tries = effected.map((one) => one.try);
          expect(tries).toEqual([...new Set(tries)]);
          for (const number of tries.slice(0, -1)) expect(script[number - 1]).toBe('fails');
          const last = script[(tries.at(-1) ?? 1) - 1] ?? 'succeeds';
          if (state.final?.status === 'succeeded') expect(last).toBe('succeeds');
          else if (last !== 'fails') expect(state.final?.askFirst).toBe(true);
          expect(ended.at(-1)).toMatchObject({ kind: 'ended', result: { status: state.final?.status } });
        },
      ),
      { numRuns: 300 },
    );
  }, 120_000);
});
