import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { blobName, readBlob } from '../../src/engine/artifacts.js';
import { storeAgain } from '../../src/engine/filesMade.js';
import { forgottenUntil } from '../../src/engine/forgotten.js';
import { prune } from '../../src/engine/prune/prune.js';
import { findRun, listRuns, openRun, pinRun, unpinRun } from '../../src/engine/runIndex.js';
import { announce } from '../../src/engine/starts.js';
import type { Store } from '../../src/ports/store.js';
import {
  artifact,
  DAY,
  effectsOn,
  everything,
  pruned,
  recording,
  storedPlan,
  ticking,
  type Written,
  writeRun,
} from './storedRuns.js';

const run = (id: string, more: Partial<Written> = {}): Written => ({
  id,
  plan: 'nightly',
  inputs: [],
  outputs: [],
  ending: 'closed',
  pinned: false,
  markedBad: false,
  cacheMs: 0,
  ...more,
});

/** Names that Muster never gives, and those of schedules. */
const STRANGE = ['schedules/nightly/0', 'blobs/ab/notes.txt', 'runs/x', 'index/readme', 'other'];

/** The runs, a day apart, oldest first; with what each answered for. */
async function written(runs: readonly Written[]) {
  const clock = ticking();
  const store = memoryStore(clock.now);
  for (const name of STRANGE) await store.create(name, new Uint8Array());
  const names = new Map<string, ReadonlySet<string>>();
  const opened = new Map<string, number>();
  for (const one of runs) {
    const seen = recording(store);
    opened.set(one.id, clock.now());
    await writeRun(seen, clock, one);
    names.set(one.id, seen.names);
    clock.pass(DAY);
  }
  return { clock, store, names, opened };
}

const anyRuns = fc
  .array(
    fc.record({
      plan: fc.constantFrom('nightly', 'weekly'),
      inputs: fc.uniqueArray(fc.nat(5), { maxLength: 3 }),
      outputs: fc.uniqueArray(fc.nat(9), { maxLength: 3 }),
      ending: fc.constantFrom('closed', 'closed', 'closed', 'closed', 'open', 'stopped'),
      pinned: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
      markedBad: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
      cacheMs: fc.constantFrom(0, 0, 2 * DAY, 30 * DAY),
      repeats: fc.option(fc.nat(9)),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((all) =>
    all.map(({ repeats, outputs, markedBad, ...one }, i): Written => {
      const base = repeats !== null && i > 0 ? `r${repeats % i}` : undefined;
      const marked = markedBad && outputs.length > 0;
      return { ...run(`r${i}`), ...one, outputs, markedBad: marked, ...(base !== undefined && { base }) };
    }),
  );
const anyCriteria = fc.oneof(
  fc.record({ keep: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ olderThanMs: fc.integer({ min: 0, max: 8 }).map((days) => days * DAY) }),
  fc.record({ keep: fc.integer({ min: 1, max: 2 }), olderThanMs: fc.constant(3 * DAY) }),
);

/** The model: which runs stay, worked out from what is promised. */
function stay(
  runs: readonly Written[],
  { keep, olderThanMs }: { readonly keep?: number; readonly olderThanMs?: number },
): ReadonlySet<string> {
  const ended = runs.filter(({ ending }) => ending !== 'open');
  return new Set(
    runs.flatMap((one, i) => {
      const { id, plan, ending, pinned } = one;
      const open = ending === 'open' || pinned || runs.some((r) => r.ending === 'open' && r.base === id);
      // A day passes after each run.
      // A day and a moment pass after each run.
      const young = olderThanMs !== undefined && runs.length - i < olderThanMs / DAY;
      const newer = ended.filter((r) => r.plan === plan && runs.indexOf(r) > i).length;
      return open || young || (keep !== undefined && newer < keep) ? id : [];
    }),
  );
}

/** Every name that is to be there after a prune, worked out from who answered for what. */
async function expected(
  { store, names, opened, clock }: Awaited<ReturnType<typeof written>>,
  runs: readonly Written[],
  staying: ReadonlySet<string>,
): Promise<readonly string[]> {
  const left = new Set(STRANGE);
  for (const one of runs) {
    const own = [...names.get(one.id)!];
    const mayBeUsed = (unit: number) =>
      one.cacheMs > 0 && !(one.markedBad && unit === 0) && opened.get(one.id)! + one.cacheMs > clock.now();
    if (staying.has(one.id)) for (const name of own) left.add(name);
    else
      for (const [unit, number] of one.outputs.entries())
        if (mayBeUsed(unit)) {
          const log = (name: string) => name.startsWith(`runs/first-${one.id}/${unit}_`);
          const result = (name: string) => name.startsWith('results/') && name.endsWith(`.${unit}`);
          for (const name of own) if (log(name) || result(name)) left.add(name);
          left.add(blobName(sha256(artifact(number).bytes)));
        }
  }
  const since = Math.min(...runs.flatMap(({ id, ending }) => (ending === 'open' ? opened.get(id)! : [])));
  for (const name of await store.list('blobs/')) if ((await store.look(name))!.at >= since) left.add(name);
  return [...left].filter((name) => !name.startsWith('starts/')).sort();
}

const stopped =
  (runs: readonly Written[]) =>
  async ({ id }: { id: string }) =>
    runs.some((one) => one.id === id && one.ending === 'stopped');

/** Listed runs of which something is not there any more. */
async function broken(store: Store, names: ReadonlyMap<string, ReadonlySet<string>>) {
  const there = new Set(await store.list(''));
  return (await listRuns(store)).filter(({ id }) =>
    [...names.get(id)!].some((name) => !there.has(name) && !name.startsWith('starts/')),
  );
}

describe('a prune of any runs', () => {
  it('leaves what runs that stay, and offered results, refer to, and nothing else; again, it finds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(anyRuns, anyCriteria, async (runs, criteria) => {
        const all = await written(runs);
        const staying = stay(runs, criteria);
        const left = await expected(all, runs, staying);
        const before = await everything(all.store);
        const effects = effectsOn(all.store, all.clock, { isOver: stopped(runs) });

        const told = await pruned(criteria, effects, { dryRun: true });
        expect(await everything(all.store)).toEqual(before);
        const done = await pruned(criteria, effects);
        expect(await everything(all.store)).toEqual(left);
        expect({ ...done, dryRun: true }).toEqual(told);
        expect(done.removed.runs.map(({ id }) => id).sort()).toEqual(
          runs.flatMap(({ id }) => (staying.has(id) ? [] : id)).sort(),
        );
        expect(await broken(all.store, all.names)).toEqual([]);

        const again = await pruned(criteria, effects);
        expect(again.removed).toEqual({ runs: [], artifacts: 0, bytes: 0 });
        expect(await everything(all.store)).toEqual(left);
      }),
      { numRuns: 400 },
    );
  }, 120_000);

  it('that dies at any of its steps leaves every run that is listed whole, and the next one ends in the same state', async () => {
    await fc.assert(
      fc.asyncProperty(anyRuns, anyCriteria, fc.nat(60), async (runs, criteria, steps) => {
        const once = await written(runs);
        const isOver = stopped(runs);
        await pruned(criteria, effectsOn(once.store, once.clock, { isOver }));

        const { store, clock, names } = await written(runs);
        await pruned(criteria, effectsOn(dying(store, steps), clock, { isOver })).catch(dead);
        expect(await broken(store, names)).toEqual([]);
        clock.pass(60_000);
        await pruned(criteria, effectsOn(store, clock, { isOver }));
        expect(await everything(store)).toEqual(await everything(once.store));
      }),
      { numRuns: 400 },
    );
  }, 120_000);
});

describe('what goes on while a prune does', () => {
  /** The same store, every step of which waits for its turn. */
  const inTurn = (store: Store, turns: fc.Scheduler, who: string): Store => ({
    id: store.id,
    create: (name, bytes) =>
      turns.schedule(Promise.resolve(), `${who} creates`).then(() => store.create(name, bytes)),
    read: (name) => turns.schedule(Promise.resolve(), `${who} reads`).then(() => store.read(name)),
    list: (prefix) => turns.schedule(Promise.resolve(), `${who} lists`).then(() => store.list(prefix)),
    look: (name) => turns.schedule(Promise.resolve(), `${who} looks`).then(() => store.look(name)),
    remove: (name, since) =>
      turns.schedule(Promise.resolve(), `${who} removes`).then(() => store.remove(name, since)),
  });

  /** Whoever comes to it late. */
  const late = fc.nat(30);
  async function waits(turns: fc.Scheduler, steps: number): Promise<void> {
    for (let n = 0; n < steps; n++) await turns.schedule(Promise.resolve(), 'waits');
  }

  it('a run that starts meanwhile with plan, inputs and outputs of one that goes has them all, in any order of steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), late, async (turns, steps) => {
        const { store, clock } = await written([run('r0', old()), run('r1')]);
        const starter = recording(inTurn(store, turns, 'starter'));
        const both = Promise.all([
          pruned({ keep: 1 }, effectsOn(inTurn(store, turns, 'prune'), clock)),
          waits(turns, steps).then(() => writeRun(starter, clock, run('r2', { ...old(), ending: 'open' }))),
        ]);
        await turns.waitFor(both);
        const there = new Set(await store.list(''));
        const announced = (name: string) => name.startsWith('starts/');
        expect([...starter.names].filter((name) => !there.has(name) && !announced(name))).toEqual([]);
        expect((await listRuns(store)).map(({ id }) => id)).toEqual(['r2', 'r1']);
      }),
      { numRuns: 400 },
    );
  }, 120_000);

  it('a run is either pinned, and whole, or its removal is told to who pins it, in any order of steps', async () => {
    const came = { pinned: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), late, async (turns, steps) => {
        const { store, clock, names } = await written([run('r0', old()), run('r1')]);
        const pin = waits(turns, steps)
          .then(() => pinRun(inTurn(store, turns, 'pinner'), { id: 'r0', first: 'first-r0' }))
          .then(
            () => true,
            () => false,
          );
        const both = Promise.all([pin, pruned({ keep: 1 }, effectsOn(inTurn(store, turns, 'prune'), clock))]);
        const [isPinned] = await turns.waitFor(both);
        came[isPinned ? 'pinned' : 'refused']++;
        const runs = await listRuns(store);
        if (isPinned) expect(runs[1]).toMatchObject({ id: 'r0', pinned: true });
        expect(await broken(store, names)).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(Math.min(came.pinned, came.refused)).toBeGreaterThan(0);
  }, 120_000);

  it('a run that is repeated stays until that has ended, or whoever repeats it does not find it any more', async () => {
    const came = { found: 0, gone: 0 };
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), late, async (turns, steps) => {
        const { store, clock, names } = await written([run('r0', old()), run('r1')]);
        const own = inTurn(store, turns, 'repeater');
        const repeat = async () => {
          await waits(turns, steps);
          await announce(own, { id: 'r2', at: clock.now(), base: 'first-r0' }, 'nonce');
          return (await findRun(own, 'r0')) !== undefined;
        };
        const both = Promise.all([
          repeat(),
          pruned({ keep: 1 }, effectsOn(inTurn(store, turns, 'prune'), clock)),
        ]);
        const [isFound] = await turns.waitFor(both);
        came[isFound ? 'found' : 'gone']++;
        const there = (await listRuns(store)).map(({ id }) => id);
        if (isFound) expect(there).toEqual(['r1', 'r0']);
        expect(await broken(store, names)).toEqual([]);
      }),
      { numRuns: 400 },
    );
    expect(Math.min(came.found, came.gone)).toBeGreaterThan(0);
  }, 120_000);

  it('another prune says that one is at work; one that was killed is taken for dead after 20 s', async () => {
    const { store, clock } = await written([run('r0'), run('r1')]);
    await pruned({ keep: 1 }, effectsOn(dying(store, 3), clock)).catch(dead);
    expect(await prune({ keep: 1 }, effectsOn(store, clock))).toBe('busy');
    clock.pass(19_000);
    expect(await prune({ keep: 1 }, effectsOn(store, clock))).toBe('busy');
    clock.pass(1_500);
    expect(await pruned({ keep: 1 }, effectsOn(store, clock))).toMatchObject({
      removed: { runs: [{ id: 'r0' }] },
    });
    expect(await pruned({ keep: 1 }, effectsOn(store, clock))).toMatchObject({ removed: { runs: [] } });
  });

  it('one that stood still for longer than that leaves the rest to the other', async () => {
    const { store, clock } = await written([run('r0', old()), run('r1')]);
    const slow: Store = {
      ...store,
      async remove(name, since) {
        const bytes = await store.remove(name, since);
        if (!name.startsWith('runs/')) return bytes;
        clock.pass(60_000);
        await store.remove('prune/holder', clock.now() - 30_000);
        await store.create('prune/holder', new TextEncoder().encode('the other'));
        return bytes;
      },
    };
    await expect(prune({ keep: 1 }, effectsOn(slow, clock))).rejects.toMatchObject({ type: 'Superseded' });
    expect(await store.list('prune/')).toEqual(['prune/holder']);
  });
});

describe('a run', () => {
  it('that is pinned stays until it is unpinned, and says so', async () => {
    const { store, clock } = await written([run('r0', old()), run('r1')]);
    const r0 = { id: 'r0', first: 'first-r0' };
    expect([await pinRun(store, r0), await pinRun(store, r0)]).toEqual([true, false]);
    expect((await listRuns(store)).map(({ id, pinned }) => [id, pinned])).toEqual([
      ['r1', undefined],
      ['r0', true],
    ]);
    const kept = await pruned({ olderThanMs: 0 }, effectsOn(store, clock));
    expect(kept.kept.runs).toEqual([{ ...r0, name: 'nightly', because: { kind: 'pinned' } }]);
    expect([await unpinRun(store, r0), await unpinRun(store, r0)]).toEqual([true, false]);
    await pruned({ olderThanMs: 0 }, effectsOn(store, clock));
    expect(await listRuns(store)).toEqual([]);
    await expect(pinRun(store, r0)).rejects.toThrow('r0 is just being removed');
    expect(await everything(store)).toEqual([...STRANGE].sort());
  });

  it('that is half removed is not brought back by what somebody began who died, a pin or a repetition', async () => {
    const { store, clock, names } = await written([run('r0', { outputs: [1, 2, 3] }), run('r1')]);
    await pruned({ keep: 1 }, effectsOn(dying(store, 8), clock)).catch(dead);
    expect(await broken(store, names)).toEqual([]);
    const left = await store.list('');
    expect(left).toContain('index/r0_first-r0.removed');
    expect([...names.get('r0')!].filter((name) => !left.includes(name))).not.toEqual([]);
    await store.create('index/r0_first-r0.pinned', new Uint8Array());
    await announce(store, { id: 'r2', at: clock.now(), base: 'first-r0' }, 'nonce');
    clock.pass(60_000);
    await pruned({}, effectsOn(store, clock));
    expect((await listRuns(store)).map(({ id }) => id)).toEqual(['r1']);
    expect(await store.list('index/r0')).toEqual([]);
  });

  it('says by its id which artifacts of another one it kept, and why it stays itself', async () => {
    const { store, clock } = await written([
      run('r0', { inputs: [1], outputs: [2, 3] }),
      run('r1', { outputs: [2], base: 'r0' }),
      run('r2', { plan: 'weekly', ending: 'open', base: 'r1' }),
    ]);
    const { removed, kept } = await pruned({ olderThanMs: 0 }, effectsOn(store, clock));
    expect(removed.runs.map(({ id }) => id)).toEqual(['r0']);
    expect(kept.runs.map(({ id, because }) => [id, because])).toEqual([
      ['r2', { kind: 'open' }],
      ['r1', { kind: 'repeated', by: 'r2' }],
    ]);
    expect(kept.artifacts).toEqual([{ run: 'r1', count: 1 }]);
  });

  it('that shares files which another made has them, though that one goes before it says so', async () => {
    const { store, clock } = await written([run('r0', { outputs: [1, 2] })]);
    const [manifest, pack] = [1, 2].map((number) => ({
      digest: sha256(artifact(number).bytes),
      size: 10,
      type: 'text/plain',
    }));
    const name = { id: 'r1', first: 'first-r1', plan: 'x', name: 'x', brief: 'x', openedAt: clock.now() };
    await openRun(store, name);
    await storeAgain(store, { manifest: manifest!, pack: pack! });
    await pruned({ runs: ['first-r0'] }, effectsOn(store, clock));
    expect(await readBlob(store, manifest!.digest)).toEqual(artifact(1).bytes);
    expect(await readBlob(store, pack!.digest)).toEqual(artifact(2).bytes);
  });

  it('that nobody knows to be over holds what was stored since it began; one that is over goes like any other', async () => {
    const { store, clock } = await written([run('r0', { ending: 'open' }), run('r1', old())]);
    const held = await pruned({ keep: 1, olderThanMs: 0 }, effectsOn(store, clock));
    expect(held.removed.runs).toEqual([]);
    const named = await pruned({ runs: ['first-r1'] }, effectsOn(store, clock));
    expect(named).toMatchObject({ removed: { runs: [{ id: 'r1' }], artifacts: 0 } });
    expect(named.kept.recent).toBeGreaterThan(0);
    const over = effectsOn(store, clock, { isOver: async () => true });
    expect((await pruned({ olderThanMs: 0 }, over)).removed.runs.map(({ id }) => id)).toEqual(['r0']);
    expect(await everything(store)).toEqual([...STRANGE].sort());
  });

  it('that was announced and has not begun keeps what is stored for it, until it is known never to begin', async () => {
    const { store, clock } = await written([run('r0')]);
    await announce(store, { id: 'r1', at: clock.now() }, 'nonce');
    const plan = await storedPlan(store, { plan: 'nightly', inputs: [4] });
    clock.pass(5 * DAY);
    await pruned({ olderThanMs: 0 }, effectsOn(store, clock));
    expect(await store.read(blobName(plan))).toBeDefined();
    expect(await store.read(blobName(sha256(artifact(4).bytes)))).toBeDefined();
    const isOver = async ({ id }: { id: string }) => id === 'r1';
    await pruned({ olderThanMs: 0 }, effectsOn(store, clock, { isOver }));
    expect(await everything(store)).toEqual([...STRANGE].sort());
  });

  it('that a schedule started leaves word until when runs of it are forgotten, and no more than that', async () => {
    const { store, clock } = await written([]);
    for (const [at, schedule] of [
      [1, 'a'],
      [3, 'a'],
      [2, 'a'],
      [9, 'a_b'],
    ] as const) {
      const named = { id: `${schedule}-${at}`, first: `${schedule}${at}`, plan: 'x', name: 'x', brief: 'x' };
      await openRun(store, { ...named, openedAt: clock.now(), scheduled: { id: schedule, at } });
    }
    const over = effectsOn(store, clock, { isOver: async () => true });
    for (const run of [['a1'], ['a3', 'a_b9'], ['a2']]) await pruned({ runs: run }, over);
    expect([await forgottenUntil(store, 'a'), await forgottenUntil(store, 'a_b')]).toEqual([3, 9]);
    expect(await forgottenUntil(store, 'b')).toBe(0);
    expect(await store.list('pruned/')).toHaveLength(2);
  });

  it('is cleared away outside the store before it is forgotten, again where that was cut short', async () => {
    const { store, clock } = await written([run('r0'), run('r1')]);
    const cleared: string[] = [];
    const refusing = effectsOn(store, clock, { clear: () => Promise.reject(new Error('dead')) });
    await pruned({ keep: 1 }, refusing).catch(dead);
    const clear = async ({ id }: { id: string }) => void cleared.push(id);
    await pruned({}, effectsOn(store, clock, { clear }));
    expect(cleared).toEqual(['r0']);
  });
});

const old = () => ({ inputs: [1], outputs: [2] });

const dead = (error: unknown): void => {
  if ((error as Error).message !== 'dead') throw error;
};

/** The same store, as seen by a process that dies at one of its changes. */
function dying(store: Store, steps: number): Store {
  let left = steps;
  const step = <A extends readonly unknown[], R>(act: (...args: A) => Promise<R>, counts: boolean) => {
    return async (...args: A): Promise<R> => {
      if (left < 0 || (counts && --left < 0)) throw new Error('dead');
      return act(...args);
    };
  };
  return {
    id: store.id,
    create: step(store.create, true),
    remove: step(store.remove, true),
    read: step(store.read, false),
    list: step(store.list, false),
    look: step(store.look, false),
  };
}
