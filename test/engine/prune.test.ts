import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/adapters/digest.js';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { blobName, putBytes, readBlob } from '../../src/engine/artifacts.js';
import { storeAgain } from '../../src/engine/filesMade.js';
import { forgottenUntil } from '../../src/engine/forgotten.js';
import { anyGoes, prune } from '../../src/engine/prune/prune.js';
import { rescue } from '../../src/engine/prune/rescue.js';
import type { Over, Unreported } from '../../src/engine/prune/see.js';
import {
  type Closed,
  closeRun,
  findRun,
  listRuns,
  openRun,
  pinRun,
  unpinRun,
} from '../../src/engine/runIndex.js';
import { noteUnbegun, unbegunOf } from '../../src/engine/scheduleLog.js';
import { announce, using } from '../../src/engine/starts.js';
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
  writeUnit,
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
  const reported = runs.filter(({ ending }) => ending === 'closed');
  return new Set(
    runs.flatMap((one, i) => {
      const { id, plan, ending, pinned } = one;
      const open = ending === 'open' || pinned || runs.some((r) => r.ending === 'open' && r.base === id);
      // A day and a moment pass after each run.
      const young = olderThanMs !== undefined && runs.length - i < olderThanMs / DAY;
      const newer = reported.filter((r) => r.plan === plan && runs.indexOf(r) > i).length;
      return open || young || (ending === 'closed' && keep !== undefined && newer < keep) ? id : [];
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
  async ({ id, at }: Unreported): Promise<Over | undefined> =>
    runs.some((one) => one.id === id && one.ending === 'stopped') ? { endedAt: at } : undefined;

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

  it('one that takes longer than that, and lives, goes on answering for itself', async () => {
    const { store, clock } = await written([run('r0'), run('r1')]);
    let due = { at: Number.POSITIVE_INFINITY, then: () => {} };
    const timed = {
      ...clock,
      after: (ms: number, then: () => void) => {
        due = { at: clock.now() + ms, then };
        return () => undefined;
      },
    };
    const slow = hooked(store, 'blobs/', 1, async () => {
      for (let s = 0; s < 60; s++) {
        clock.pass(1_000);
        if (due.at < clock.now()) due.then();
        await new Promise(setImmediate);
      }
      expect(await prune({ keep: 1 }, effectsOn(store, clock))).toBe('busy');
    });
    const { removed } = await pruned({ keep: 1 }, effectsOn(slow, timed));
    expect(removed.runs.map(({ id }) => id)).toEqual(['r0']);
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
    await pruned({ keep: 1 }, effectsOn(dying(store, 10), clock)).catch(dead);
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
    const over = effectsOn(store, clock, { isOver: async ({ at }) => ({ endedAt: at }) });
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
    const isOver = async ({ id }: Unreported) => (id === 'r1' ? {} : undefined);
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
    const over = effectsOn(store, clock, { isOver: async ({ at }) => ({ endedAt: at }) });
    for (const run of [['a1'], ['a3', 'a_b9'], ['a2']]) await pruned({ runs: run }, over);
    expect([await forgottenUntil(store, 'a'), await forgottenUntil(store, 'a_b')]).toEqual([3, 9]);
    expect(await forgottenUntil(store, 'b')).toBe(0);
    expect(await store.list('pruned/')).toHaveLength(2);
  });

  it('is cleared away outside the store before it is forgotten, again where that was cut short', async () => {
    const { store, clock } = await written([run('r0'), run('r1')]);
    const cleared: string[] = [];
    const clear = async ({ id }: { id: string }) => void cleared.push(id);
    const dies: Store = {
      ...store,
      remove: async (name, since) => {
        if (name.endsWith('.opened')) throw new Error('dead');
        return store.remove(name, since);
      },
    };
    await pruned({ keep: 1 }, effectsOn(dies, clock, { clear })).catch(dead);
    await pruned({}, effectsOn(store, clock, { clear }));
    expect(cleared).toEqual(['r0', 'r0']);
  });

  it('of which something outside the store cannot be cleared away goes all the same, with the others, and says so', async () => {
    const { store, clock } = await written([run('r0'), run('r1'), run('r2')]);
    const clear = async ({ id }: { id: string }) => {
      if (id === 'r0') throw new Error('reports/r0 is no folder');
    };
    const { removed, kept } = await pruned({ keep: 1 }, effectsOn(store, clock, { clear }));
    expect(removed.runs.map(({ id }) => id)).toEqual(['r1', 'r0']);
    expect(kept.uncleared).toEqual([{ id: 'r0', problem: 'reports/r0 is no folder' }]);
    expect((await listRuns(store)).map(({ id }) => id)).toEqual(['r2']);
  });

  it('whose id another run has that stays takes nothing outside the store from that one', async () => {
    const { store, clock } = await written([run('r0'), run('r1')]);
    const again = { id: 'r0', first: 'another', plan: 'x', name: 'nightly', brief: 'x' };
    await openRun(store, { ...again, openedAt: clock.now() });
    const cleared: string[] = [];
    const clear = async ({ id }: { id: string }) => void cleared.push(id);
    await pruned({ runs: ['first-r0', 'first-r1'] }, effectsOn(store, clock, { clear }));
    expect(cleared).toEqual(['r1']);
  });

  it('that ends while a prune looks through the store has all that its last rows refer to', async () => {
    const { store, clock, names } = await written([run('r0'), run('r1', { ending: 'open' })]);
    const place = { run: 'first-r1', unit: '0' };
    await writeUnit(store, clock, place, 8);
    const last = await Promise.all(
      (await store.list('runs/first-r1/')).map(async (name) => ({ name, bytes: (await store.read(name))! })),
    );
    for (const { name } of last) await store.remove(name);
    clock.pass(DAY);
    const ending = hooked(store, 'starts/', 2, async () => {
      for (const { name, bytes } of last) await store.create(name, bytes);
      await closeRun(store, { id: 'r1', first: 'first-r1' }, closedAt(clock.now()));
    });
    await pruned({ runs: ['first-r0'] }, effectsOn(ending, clock));
    expect(await readBlob(store, sha256(artifact(8).bytes))).toEqual(artifact(8).bytes);
    expect(await broken(store, new Map([...names, ['r0', new Set<string>()]]))).toEqual([]);
  });

  it('that leaves its report while Temporal is asked about it is judged by that', async () => {
    const { store, clock } = await written([run('r0'), run('r1', { ending: 'open' })]);
    const isOver = async ({ id, first, at }: Unreported): Promise<Over | undefined> => {
      if (first) await closeRun(store, { id, first }, closedAt(clock.now()));
      return { endedAt: at };
    };
    await pruned({ keep: 1 }, effectsOn(store, clock, { isOver }));
    expect((await listRuns(store)).map(({ id }) => id)).toEqual(['r1']);
  });

  it('that turns out to go on, or to have ended just now, once it is marked, is listed again', async () => {
    for (const later of [undefined, 'closed'] as const) {
      const { store, clock } = await written([run('r0', { ending: 'stopped' })]);
      clock.pass(9 * DAY);
      let asked = 0;
      const isOver = async ({ id, first, at }: Unreported): Promise<Over | undefined> => {
        if (!first || ++asked === 1) return { endedAt: at };
        if (later) await closeRun(store, { id, first }, closedAt(clock.now()));
        return later && { endedAt: clock.now() };
      };
      const { kept } = await pruned({ olderThanMs: DAY }, effectsOn(store, clock, { isOver }));
      expect(kept.runs.map(({ because }) => because.kind)).toEqual([later ? 'young' : 'open']);
      expect((await listRuns(store)).map(({ id }) => id)).toEqual(['r0']);
    }
  });

  it('without a report is as old as its end, or, where nobody knows that, as the first look that found so', async () => {
    const { store, clock } = await written([run('r0', { ending: 'stopped' })]);
    clock.pass(9 * DAY);
    const left = async (over: Over, how = {}) => {
      await pruned({ olderThanMs: 3 * DAY }, effectsOn(store, clock, { isOver: async () => over }), how);
      return (await listRuns(store)).length;
    };
    expect(await left({ endedAt: clock.now() - DAY })).toBe(1);
    expect(await left({}, { dryRun: true })).toBe(1);
    expect(await store.list('index/r0')).toEqual(['index/r0_first-r0.opened']);
    expect(await left({})).toBe(1);
    clock.pass(2 * DAY);
    expect(await left({})).toBe(1);
    clock.pass(DAY);
    expect(await left({})).toBe(0);
    expect(await everything(store)).toEqual([...STRANGE].sort());
  });

  it('without a report is not among the newest of its plan', async () => {
    const { store, clock } = await written([run('r0'), run('r1', { ending: 'stopped' })]);
    await pruned({ keep: 1 }, effectsOn(store, clock, { isOver: async () => ({ endedAt: clock.now() }) }));
    expect((await listRuns(store)).map(({ id }) => id)).toEqual(['r0']);
  });

  it('that is pinned already is still pinned when somebody pins it again who is told that it goes', async () => {
    const { store } = await written([run('r0', { pinned: true })]);
    const r0 = { id: 'r0', first: 'first-r0' };
    await store.create('index/r0_first-r0.removing', new Uint8Array());
    await expect(pinRun(store, r0)).rejects.toThrow('r0 is just being removed');
    expect(await store.list('index/r0_first-r0.pinned')).toHaveLength(1);
  });

  it('that a prune which died left hidden is rescued by a pin, and else reason enough for a retention to begin', async () => {
    const { store, clock, names } = await written([run('r0'), run('r1')]);
    await store.create('index/r0_first-r0.removing', new Uint8Array());
    await pinRun(store, { id: 'r1', first: 'first-r1' });
    await store.create('index/r0_first-r0.pinned', new Uint8Array());
    expect(await anyGoes({ olderThanMs: 99 * DAY }, effectsOn(store, clock))).toBe(true);
    await store.remove('index/r0_first-r0.pinned');
    await store.create('prune/holder', new TextEncoder().encode('another'));
    await expect(rescue(effectsOn(store, clock), 'r0')).rejects.toThrow('r0 is just being removed');
    clock.pass(21_000);
    expect(await rescue(effectsOn(store, clock), 'r0')).toBe(true);
    expect((await listRuns(store)).map(({ id, pinned }) => [id, pinned])).toEqual([
      ['r1', true],
      ['r0', true],
    ]);
    await pruned({ olderThanMs: 0 }, effectsOn(store, clock));
    expect(await broken(store, names)).toEqual([]);
    expect(await rescue(effectsOn(store, clock), 'r0')).toBe(false);
    await store.create('index/r1_first-r1.removing', new Uint8Array());
    await store.create('index/r1_first-r1.removed', new Uint8Array());
    expect(await rescue(effectsOn(store, clock), 'r1')).toBe(false);
  });

  it('that is salvaged stays meanwhile, and so does all that this stores', async () => {
    const { store, clock } = await written([run('r0', { ending: 'stopped' })]);
    const isOver = stopped([run('r0', { ending: 'stopped' })]);
    const how = { what: 'salvage', at: clock.now(), nonce: 'nonce' };
    await using(store, { id: 'r0', first: 'first-r0' }, how, async () => {
      const { digest } = await putBytes(store, artifact(9), sha256);
      clock.pass(DAY);
      const { kept } = await pruned({ olderThanMs: 0 }, effectsOn(store, clock, { isOver }));
      expect(kept.runs[0]!.because).toEqual({ kind: 'repeated', by: 'salvage of r0' });
      expect(await readBlob(store, digest)).toEqual(artifact(9).bytes);
    });
    await pruned({ olderThanMs: 0 }, effectsOn(store, clock, { isOver }));
    expect(await everything(store)).toEqual([...STRANGE].sort());
  });

  it('that was removed before its use was announced is not taken for another one that begins so', async () => {
    const { store } = await written([run('r01')]);
    const work = async () => 'done';
    const how = { what: 'salvage', at: 0, nonce: 'nonce' };
    await expect(using(store, { id: 'r0', first: 'first-r0' }, how, work)).rejects.toThrow(
      'r0 was just removed',
    );
    expect(await using(store, { id: 'r01', first: 'first-r01' }, how, work)).toBe('done');
    expect(await store.list('starts/r0%')).toEqual([]);
    expect(await store.list('starts/salvage')).toEqual([]);
  });

  it('is not removed, nor anything else, where a start says nothing that this version can read', async () => {
    for (const text of ['{"v":2,"id":"r9","at":7}', '{"v":1,"id":"r9"}', '']) {
      const { store, clock } = await written([run('r0', old()), run('r1')]);
      await store.create('starts/r9_nonce', new TextEncoder().encode(text));
      const before = await everything(store);
      await expect(pruned({ keep: 1 }, effectsOn(store, clock))).rejects.toThrow(
        '`starts/r9_nonce` in the store is damaged, or of a later format',
      );
      expect(await everything(store)).toEqual(before);
    }
  });

  it('of a schedule is said to be forgotten before anything of it goes', async () => {
    const { store, clock } = await written([]);
    const named = { id: 'a-1', first: 'a1', plan: 'x', name: 'x', brief: 'x', openedAt: clock.now() };
    await openRun(store, { ...named, scheduled: { id: 'a', at: 1 } });
    await writeUnit(store, clock, { run: 'a1', unit: '0' }, 1);
    clock.pass(DAY);
    const dies: Store = {
      ...store,
      remove: async (name, since) => {
        if (!name.startsWith('prune/')) throw new Error('dead');
        return store.remove(name, since);
      },
    };
    const over = { isOver: async ({ at }: Unreported) => ({ endedAt: at }) };
    await pruned({ runs: ['a1'] }, effectsOn(dies, clock, over)).catch(dead);
    expect(await forgottenUntil(store, 'a')).toBe(1);
  });

  it('of a schedule that never began is forgotten once the note of that is old enough', async () => {
    const { store, clock } = await written([]);
    const unbegun = (n: number) => ({
      id: `a-${n}`,
      scheduledAt: n,
      at: clock.now(),
      problem: 'No such file.',
    });
    await noteUnbegun(store, 'a', 'first', unbegun(1));
    clock.pass(2 * DAY);
    await noteUnbegun(store, 'a', 'second', unbegun(2));
    await pruned({ keep: 1 }, effectsOn(store, clock));
    await pruned({ olderThanMs: DAY }, effectsOn(store, clock), { dryRun: true });
    expect(await unbegunOf(store, 'a')).toHaveLength(2);
    await pruned({ olderThanMs: DAY }, effectsOn(store, clock));
    expect((await unbegunOf(store, 'a')).map(({ id }) => id)).toEqual(['a-2']);
    expect(await forgottenUntil(store, 'a')).toBe(1);
  });
});

/** The same store; before it lists `prefix` for the n-th time, something happens. */
function hooked(store: Store, prefix: string, n: number, happens: () => Promise<void>): Store {
  let count = 0;
  return {
    ...store,
    async list(asked) {
      if (asked === prefix && ++count === n) await happens();
      return store.list(asked);
    },
  };
}

const closedAt = (ms: number): Closed => ({
  status: 'complete',
  answer: sha256('the answer'),
  report: { json: sha256('no report'), markdown: sha256('no words') },
  counts: {},
  closedAt: ms,
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
