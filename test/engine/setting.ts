import { sha256 } from '../../src/adapters/digest.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import type { Beat } from '../../src/contracts/unit.js';
import { nameOf } from '../../src/core/graph/node.js';
import type { UnitGraph } from '../../src/core/graph/units.js';
import type { Json } from '../../src/core/outcome/canonical.js';
import { fold, type UnitState } from '../../src/core/outcome/fold.js';
import { decodeSegment, type Segment } from '../../src/core/outcome/segment.js';
import type { Brief, Plan } from '../../src/core/plan/plan.js';
import type { Effects, Lease } from '../../src/engine/lease.js';
import { storePlan } from '../../src/engine/plans.js';
import { segmentName } from '../../src/engine/segments.js';
import type { Clock } from '../../src/ports/clock.js';
import type { Effect, Executor, Task } from '../../src/ports/executor.js';
import type { Store } from '../../src/ports/store.js';

/** A plan of `call` briefs, so that a test says what its effects do. */
export function planOf(...briefs: readonly (Partial<Brief> & { readonly id: string })[]): Plan {
  return {
    v: 1,
    name: 'trial',
    brief: 'Try it.',
    requirements: [],
    params: {},
    inputs: {},
    limits: { concurrency: 10 },
    waves: 'rolling',
    onFailure: 'continue',
    resources: {},
    models: {},
    integrate: { merge: [] },
    briefs: briefs.map((brief) => ({
      executor: { kind: 'call', name: 'work' },
      needs: [],
      constraints: [],
      files: [],
      context: [],
      parse: 'text',
      okExit: [0],
      accept: [],
      retry: { attempts: 3, backoff: { minMs: 1_000, maxMs: 60_000 }, then: 'fail' },
      timeoutMs: 10_000,
      heartbeatMs: 15_000,
      uses: {},
      reads: [],
      writes: [],
      mirrors: [],
      ...brief,
    })),
  };
}

/** For plans that nobody dispatches. */
export const noGraph: UnitGraph = {
  v: 1,
  units: [],
  sets: [],
  capacities: [],
  concurrency: 10,
  waves: 'rolling',
  onFailure: 'continue',
};

/** Time that passes only when everybody waits. */
interface TestClock extends Clock {
  pass(ms: number): void;
  /** Lets time pass until `promise` is settled, from one timer to the next. */
  until<T>(promise: Promise<T>): Promise<T>;
}

function testClock(): TestClock {
  let now = 1_000_000;
  const timers = new Map<object, { readonly at: number; readonly then: () => void }>();
  const pass = (to: number) => {
    now = to;
    for (const [id, { at, then }] of timers)
      if (at <= now) {
        timers.delete(id);
        then();
      }
  };
  return {
    now: () => now,
    after(ms, then) {
      const id = {};
      timers.set(id, { at: now + ms, then });
      return () => timers.delete(id);
    },
    pass: (ms) => pass(now + ms),
    async until(promise) {
      let settled = false;
      const done = promise.finally(() => {
        settled = true;
      });
      done.catch(() => undefined);
      for (let idle = 0; !settled; idle++) {
        await new Promise(setImmediate);
        if (idle % 20 === 19) pass(Math.min(...[...timers.values()].map(({ at }) => at), now + 60_000));
      }
      return done;
    },
  };
}

export interface Setting {
  readonly store: Store;
  readonly clock: TestClock;
  /** Every effect that began, in order. */
  readonly tasks: Task[];
  readonly beats: Beat[];
  readonly effects: Effects;
  lease(more?: Partial<Lease>): Lease;
  state(u?: number, k?: number): Promise<UnitState>;
  segments(u?: number, k?: number): Promise<readonly Segment[]>;
}

type Act = (task: Task, nth: number) => Effect | Promise<Effect>;

/** A store with the plan in it, and executors that do as `act` says. */
export async function setting(plan: Plan, act: Act, store: Store = memoryStore()): Promise<Setting> {
  const clock = testClock();
  const tasks: Task[] = [];
  const beats: Beat[] = [];
  const digest = await storePlan(store, { plan, graph: noGraph, files: new Map() }, sha256);
  const executor: Executor = async (task) => {
    tasks.push(task);
    return act(task, tasks.length);
  };
  const segments = (u = 0, k?: number) => segmentsOf(store, u, k);
  return {
    store,
    clock,
    tasks,
    beats,
    effects: {
      store,
      clock,
      digest: sha256,
      executors: { run: executor, ask: executor, http: executor, call: executor, constant: executor },
      isolated: async () => {
        throw new Error('nobody is suspected here');
      },
      beat: (beat) => beats.push(beat),
      depots: async () => {
        throw new Error('nobody has a workspace here');
      },
      compileWithin: async () => {
        throw new Error('nobody runs a plan here');
      },
      refused: async () => [],
      tools: {
        offered: async () => [],
        mcp: async () => {
          throw new Error('nobody has tools here');
        },
      },
      filesDigest: async (patterns) => sha256(patterns.join()),
    },
    lease: (more) => ({
      run: { id: 'run', first: 'first' },
      plan: digest,
      u: 0,
      holder: { dispatch: 1, attempt: 1 },
      scheduledAt: clock.now(),
      signal: new AbortController().signal,
      abortedBecause: () => 'lost',
      ...more,
    }),
    segments,
    state: async (u, k) => fold(await segments(u, k)),
  };
}

export async function segmentsOf(store: Store, u: number, k?: number): Promise<readonly Segment[]> {
  const found: Segment[] = [];
  for (;;) {
    const bytes = await store.read(segmentName({ run: 'first', unit: nameOf({ u, k }) }, found.length));
    if (!bytes) return found;
    found.push(decodeSegment(bytes));
  }
}

export const value = (value: Json): Effect => ({ output: { value } });

/** An effect that goes on until it is stopped, and ends with the reason it was stopped for. */
export const untilStopped = ({ signal }: Task): Promise<Effect> =>
  new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)));

export const attempt = (n: number, dispatch = 1) => ({ holder: { dispatch, attempt: n } });
