import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clause, Unit, UnitGraph } from '../../../src/core/graph/units.js';
import { ByHand } from '../../../src/core/schedule/byHand.js';
import { closingNote } from '../../../src/core/schedule/closing.js';
import { graphOf, stateOf } from '../../../src/core/schedule/shardBook.js';
import { type Command, type Event, initialState, type State } from '../../../src/core/schedule/state.js';
import { step } from '../../../src/core/schedule/step.js';
import { isCounted } from '../../../src/core/schedule/terrain.js';
import { byName, endsIn } from './support/ends.js';
import { finalEnds } from './support/oracle.js';
import { random, type Scenario, scenario, type Wanted } from './support/scenario.js';
import { shardWorld } from './support/shardWorld.js';

/** Plans whose fan-outs are cut into shards of two or three, where they are wider than that. */
const sharded = (wanted: Wanted, check: (scenario: Scenario, seed: number) => void) =>
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 14 }),
      fc.integer({ min: 0, max: 2 ** 31 }),
      fc.integer({ min: 1, max: 3 }),
      (size, seed, of) => {
        const drawn = scenario(size, seed, { ...wanted, widest: 12 });
        const graph = { ...drawn.graph, sharding: { above: 0, of, most: 10_000 } };
        check({ ...drawn, graph }, seed);
      },
    ),
    { numRuns: 600 },
  );

const OPEN = ['waiting', 'running', 'open'];

describe('fan-outs cut into shards', () => {
  it('end as the same in one piece would, each instance once, within every limit', () => {
    let shards = 0;
    sharded({}, (scenario) => {
      const world = shardWorld(scenario);
      expect(world.wrong).toEqual([]);
      expect(byName(endsIn(world.state))).toEqual(byName(finalEnds(scenario)));
      shards += world.shards;
    });
    expect(shards).toBeGreaterThan(1000);
  });

  it('come to an end whatever people say meanwhile', () => {
    sharded({ timed: true }, (scenario, seed) => {
      const { draw } = scenario;
      let left = 30;
      const said = (state: State): Event | undefined => {
        if (left === 0 || draw(100) >= 15) return undefined;
        left--;
        const u = draw(scenario.graph.units.length);
        const width = state.fans[u]?.length ?? 0;
        const node = width > 0 && draw(10) < 8 ? { u, k: draw(width) } : { u };
        const all: readonly Event[] = [
          { kind: 'pause' },
          { kind: 'resume' },
          { kind: 'concurrency', limit: 1 + draw(8) },
          { kind: 'skip', ...node },
          { kind: 'retry', ...node },
          { kind: 'drain' },
          ...(draw(20) === 0 ? [{ kind: 'cancel' } as const] : []),
        ];
        return all[draw(all.length)];
      };
      const world = shardWorld(scenario, { said, limited: false });
      expect({ seed, wrong: world.wrong }).toEqual({ seed, wrong: [] });
      if (world.state.stopping === undefined)
        expect([...endsIn(world.state)].filter(([, end]) => OPEN.includes(end))).toEqual([]);
    });
  });
});

describe('fan-outs of more items than may begin', () => {
  const fans = fc.array(fc.record({ count: fc.nat(30), first: fc.option(fc.nat(30), { nil: undefined }) }), {
    minLength: 1,
    maxLength: 6,
  });

  it('let as many begin as the plan and the run have room for, refuse every other, and lose none', () => {
    let refused = 0;
    fc.assert(
      fc.property(fans, fc.integer({ min: 6, max: 40 }), fc.nat(40), (all, most, above) => {
        const graph: UnitGraph = {
          ...{ v: 1, sets: [], capacities: [], concurrency: 1, waves: 'rolling', onFailure: 'continue' },
          units: all.map((_, u) => ({ kind: 'fan', label: `f${u}`, rank: 1, timeoutMs: 1, heartbeatMs: 1 })),
          sharding: { above, of: 4, most },
        };
        const next = random(most);
        const draw = (n: number) => Math.floor(next() * n);
        const status = () => 'succeeded' as const;
        const expansion = (u: number) => all[u]!;
        const world = shardWorld({ graph, expansion, status, draw });
        expect(world.wrong).toEqual([]);
        let room = most - all.length;
        let left = most;
        for (const u of expansions(world.begun)) {
          const { count, first } = all[u]!;
          const taken = first === undefined ? count : Math.min(first, count, room + 1);
          if (taken > room + 1 || count - taken > left) {
            expect(world.state.units[u]).toBe('x');
            continue;
          }
          expect(world.state.fans[u]).toBe('s'.repeat(taken) + 'x'.repeat(count - taken));
          expect(world.state.shards?.[u] !== undefined).toBe(most - room - 1 + taken > above);
          room -= taken - 1;
          left -= count - taken;
          refused += count - taken;
        }
        const begun = world.begun.filter((name) => name.includes('.'));
        expect(new Set(begun).size).toBe(
          [...Object.values(world.state.fans).join('')].filter((one) => one === 's').length,
        );
      }),
      { numRuns: 300 },
    );
    expect(refused).toBeGreaterThan(500);
  });

  /** Fans in the order in which they were expanded. */
  const expansions = (begun: readonly string[]) =>
    [...new Set(begun.filter((name) => !name.includes('.')))].map(Number);
});

describe('joins over fan-outs cut into shards', () => {
  it('go by all that had ended when their time was up, however late shards tell of it', () => {
    let judged = 0;
    sharded({ timed: true }, (scenario, seed) => {
      const { draw, graph } = scenario;
      const counting = (clause: Clause): Clause => ({ ...clause, when: 1 + draw(6), byMs: 1 + draw(6) });
      const sets = graph.sets.map((set) => ({
        ...set,
        ...(set.clauses && { clauses: set.clauses.map(counting) }),
      }));
      const world = shardWorld({ ...scenario, graph: { ...graph, sets } }, { limited: false, timed: true });
      expect({ seed, wrong: world.wrong }).toEqual({ seed, wrong: [] });
      judged += world.judged;
    });
    expect(judged).toBeGreaterThan(300);
  });
});

describe('a shard', () => {
  const unit: Unit = { kind: 'fan', label: 'wide', rank: 1, timeoutMs: 1000, heartbeatMs: 1000 };
  const graph: UnitGraph = {
    ...{ v: 1, units: [unit], sets: [], capacities: [], concurrency: 4, waves: 'rolling' },
    ...{ onFailure: 'continue', sharding: { above: 4, of: 5, most: 20 } },
  };
  /** What is commanded at last, after all these. */
  const told = (of: UnitGraph, ...events: readonly Event[]) => {
    let state = initialState(of);
    let commands: readonly Command[] = [];
    for (const event of [{ kind: 'begin' } as const, ...events])
      ({ state, commands } = step(of, state, event));
    return { state, commands };
  };
  const expanded = { kind: 'expanded', u: 0, count: 10 } as const;

  it('is lent all the slots there are, before the next one begins', () => {
    expect(told(graph, expanded).commands).toEqual([
      { kind: 'shard', u: 0, k: 0, slots: 4, letters: '.....' },
    ]);
  });

  it('gives back what it has no use for, and the next one has it', () => {
    const report: Event = { kind: 'reported', u: 0, k: 0, letters: 'sssrr', back: 2 };
    expect(told(graph, expanded, report).commands).toEqual([
      { kind: 'shard', u: 0, k: 5, slots: 2, letters: '.....' },
    ]);
  });

  it('gives back every slot in a pause, and what it has not begun waits for another', () => {
    const paused = told(graph, expanded, { kind: 'pause' });
    expect(paused.commands).toEqual([{ kind: 'lend', u: 0, k: 0, slots: -4 }]);
    const over: Event = { kind: 'reported', u: 0, k: 0, letters: 'ssss.', back: 0, over: true };
    expect(step(graph, paused.state, over).commands).toEqual([]);
    const resumed = step(graph, step(graph, paused.state, over).state, { kind: 'resume' });
    expect(resumed.commands).toEqual([
      { kind: 'shard', u: 0, k: 0, slots: 1, letters: 'ssss.' },
      { kind: 'shard', u: 0, k: 5, slots: 3, letters: '.....' },
    ]);
  });

  it('gives back what a lower limit leaves it, and is lent what a higher one does', () => {
    expect(told(graph, expanded, { kind: 'concurrency', limit: 1 }).commands).toEqual([
      { kind: 'lend', u: 0, k: 0, slots: -3 },
    ]);
    expect(told(graph, expanded, { kind: 'concurrency', limit: 6 }).commands).toEqual([
      { kind: 'lend', u: 0, k: 0, slots: 1 },
      { kind: 'shard', u: 0, k: 5, slots: 1, letters: '.....' },
    ]);
  });

  it('makes way for what comes first', () => {
    const urgent: Unit = { ...unit, kind: 'brief', label: 'urgent', priority: 'high', needs: 0 };
    const first: Unit = { ...unit, kind: 'brief', label: 'first' };
    const both = { ...graph, units: [unit, urgent, urgent, first], sets: [{ success: [3] }] };
    const { state, commands } = told(both, expanded, { kind: 'ended', u: 3, status: 'succeeded' });
    expect(commands).toEqual([
      { kind: 'start', u: 1, dispatch: 1 },
      { kind: 'lend', u: 0, k: 0, slots: -1 },
    ]);
    const back: Event = { kind: 'reported', u: 0, k: 0, letters: 'srr..', back: 1 };
    expect(step(both, state, back).commands).toEqual([{ kind: 'start', u: 2, dispatch: 1 }]);
  });

  it('is drained before a run continues as new, and goes on after that', () => {
    expect(told(graph, expanded, { kind: 'drain' }).commands).toEqual([
      { kind: 'lend', u: 0, k: 0, slots: -4 },
    ]);
    const over: Event = { kind: 'reported', u: 0, k: 0, letters: 'ssss.', back: 0, over: true };
    expect(told(graph, expanded, { kind: 'drain' }, over).commands).toEqual([{ kind: 'continue' }]);
  });

  it('does not begin at all where the fan-out would bring the run over its most', () => {
    const { state, commands } = told(graph, { ...expanded, count: 21 });
    expect([state.units, commands]).toEqual(['x', [{ kind: 'finish' }]]);
  });

  it('keeps its slots where they help nobody that waits', () => {
    const locked: UnitGraph = {
      ...graph,
      capacities: [{ name: 'lock', capacity: 1 }],
      units: [
        unit,
        ...['a', 'b'].map((label) => ({
          ...unit,
          kind: 'brief' as const,
          label,
          uses: [[0, 1]] as const,
          priority: 'high' as const,
        })),
      ],
    };
    const { commands } = told(locked, expanded);
    expect(commands).toEqual([{ kind: 'shard', u: 0, k: 0, slots: 3, letters: '.....' }]);
    const more = told(locked, expanded, { kind: 'reported', u: 0, k: 0, letters: 'srrr.', back: 0 });
    expect(more.commands).toEqual([]);
  });

  it('is asked how it stands when time is up for who waits for its fan, and decides with its answer', () => {
    const verdict: Unit = { ...unit, kind: 'brief', label: 'verdict', needs: 0 };
    const clause = { of: [0], when: 2, byMs: 900, rest: 'cancel' as const };
    const joined = { ...graph, units: [unit, verdict], sets: [{ clauses: [clause] }] };
    const due: Event = { kind: 'due', ms: 900 };
    const asked = told(joined, expanded, due);
    expect(asked.commands).toEqual([{ kind: 'inquire', u: 0, k: 0, ms: 900 }]);
    // What was on its way decides nothing, were it only to be judged then.
    const early: Event = { kind: 'reported', u: 0, k: 0, letters: 'srrr.', back: 0 };
    const still = step(joined, asked.state, early);
    expect([still.state.units, still.commands]).toEqual(['*.', []]);
    const too: Event = { ...early, letters: 'sfrr.', asOf: 900 };
    const late = step(joined, still.state, too);
    expect(late.state).toMatchObject({ units: '*k', said: { '0.0': 'skipped' } });
    const answer: Event = { ...early, letters: 'ssrr.', asOf: 900 };
    const { state, commands } = step(joined, JSON.parse(JSON.stringify(still.state)), answer);
    expect(state).toMatchObject({ units: '*.', said: { '0.0': 'starts' } });
    expect(commands).toContainEqual({ kind: 'recall', node: { u: 0, k: 0 } });
  });

  it.each([
    ['so many of it', { when: 3 }, true],
    ['a share of it', { when: 0.5 }, true],
    ['one of it that delivers', { when: 'one_success' }, true],
    ['one of it that fails, until some time', { when: 'one_failed', byMs: 9 }, true],
    ['all of it', { when: 'all_done' }, false],
    ['all of it, until some time', { when: 'none_failed', byMs: 9 }, false],
  ] as const)('tells within seconds where somebody waits for %s: %o is %s', (_, clause, expected) => {
    const verdict: Unit = { ...unit, kind: 'brief', needs: 0 };
    const sets = [{ clauses: [{ of: [0], ...clause }] }];
    expect(isCounted({ ...graph, units: [unit, verdict], sets }, 0)).toBe(expected);
  });

  it('is taken over where it was ended by hand: for holders above any that may still be at it', () => {
    const begun: Event = { kind: 'reported', u: 0, k: 0, letters: 'srrrr', back: 0 };
    const lost: Event = { kind: 'reported', u: 0, k: 0, letters: '', back: 0, over: true, lost: true };
    expect(told(graph, expanded, begun, lost).commands).toEqual([
      {
        kind: 'shard',
        u: 0,
        k: 0,
        slots: 4,
        letters: 's....',
        dispatches: { 1: 1000, 2: 1000, 3: 1000, 4: 1000 },
      },
    ]);
  });

  it('tells of an instance what it was asked for last', () => {
    const failed: Event = { kind: 'reported', u: 0, k: 0, letters: 'frrrr', back: 0 };
    const { state, commands } = told(graph, expanded, failed, { kind: 'retry', u: 0, k: 0 });
    const as = { dispatches: 1, again: 1 };
    expect(commands).toEqual([{ kind: 'pass', u: 0, k: 0, said: { kind: 'retry', u: 0, k: 0, as } }]);
    // What was on its way when that was said.
    expect(step(graph, state, failed).state.fans).toEqual({ 0: '.rrrr.....' });
    const heard = step(graph, state, { ...failed, letters: 'srrrr', again: { 0: 1 }, dispatches: { 0: 1 } });
    expect(heard.state.fans).toEqual({ 0: 'srrrr.....' });
  });

  it('that was over before it heard of a retry leaves that to the next', () => {
    const failed: Event = { kind: 'reported', u: 0, k: 0, letters: 'frrrr', back: 0 };
    const { state } = told(graph, expanded, failed, { kind: 'retry', u: 0, k: 0 });
    const over: Event = { ...failed, letters: 'fssss', over: true };
    const { commands } = step(graph, state, over);
    const begun = { letters: '.ssss', dispatches: { 0: 1 }, again: { 0: 1 } };
    expect(commands).toContainEqual(expect.objectContaining({ kind: 'shard', u: 0, k: 0, ...begun }));
  });

  it('takes up what somebody wants after all that was skipped before it began', () => {
    const before = told(graph, { kind: 'pause' }, expanded, { kind: 'skip', u: 0, k: 1 }, { kind: 'resume' });
    expect(before.commands).toEqual([{ kind: 'shard', u: 0, k: 0, slots: 4, letters: '.k...' }]);
    const { state, commands } = step(graph, before.state, { kind: 'retry', u: 0, k: 1 });
    const as = { dispatches: 0, again: 1 };
    const said = { kind: 'retry', u: 0, k: 1, as } as const;
    expect(commands).toEqual([{ kind: 'pass', u: 0, k: 0, said }]);
    expect(state).not.toHaveProperty('byHand');
    // There it was no instance of its own.
    const own = graphOf(unit, 4);
    const taken = step(own, step(own, stateOf(own, { letters: '.k...' }), { kind: 'begin' }).state, said);
    expect(taken.state).toMatchObject({ fans: { 0: 'r.rrr' }, again: { '0.1': 1 } });
  });

  it('hears of what waits again once that may begin, and is lent nothing for it before', () => {
    const paired = {
      ...graph,
      concurrency: 8,
      units: [unit, { ...unit, label: 'paired', needs: 0 }],
      sets: [{ each: [0] }],
    };
    const wide: Event = { kind: 'expanded', u: 0, count: 5 };
    const first: Event = { kind: 'reported', u: 0, k: 0, letters: 'fssss', back: 5, over: true };
    const before = told(paired, wide, { ...wide, u: 1 }, first);
    expect(before.state.fans).toEqual({ 0: 'fssss', 1: 'k....' });
    expect(before.commands).toEqual([{ kind: 'shard', u: 1, k: 0, slots: 4, letters: 'k....' }]);
    const asked = step(paired, before.state, { kind: 'retry', u: 0, k: 0 });
    expect(asked.state.fans).toEqual({ 0: '.ssss', 1: '.....' });
    expect(asked.commands).toMatchObject([{ kind: 'shard', u: 0, k: 0, slots: 1, letters: '.ssss' }]);
    const delivered: Event = { ...first, letters: 'sssss', again: { 0: 1 }, dispatches: { 0: 1 } };
    const { state, commands } = step(paired, JSON.parse(JSON.stringify(asked.state)), delivered);
    expect(state.fans).toEqual({ 0: 'sssss', 1: '.....' });
    expect(commands).toEqual([
      { kind: 'lend', u: 1, k: 0, slots: 1 },
      {
        ...{ kind: 'pass', u: 1, k: 0 },
        said: { kind: 'retry', u: 0, k: 0, as: { dispatches: 0, again: 0 } },
      },
    ]);
  });

  it.each([
    ['a shard', graph.sharding, { k: 5, letters: 'kk.kk' }],
    ['one piece', { above: 20, of: 5, most: 20 }, { k: 7 }],
  ])(
    'skipped with its fan, in %s, it is done where somebody wants it after all, and no other',
    (_, sharding, begun) => {
      const other: Unit = { ...unit, kind: 'brief', label: 'other' };
      const of = { ...graph, units: [unit, other], sharding: sharding! };
      const all: readonly Event[] = [{ kind: 'pause' }, expanded, { kind: 'skip', u: 0 }, { kind: 'resume' }];
      const { state } = told(of, ...all.slice(0, 3), { kind: 'retry', u: 0, k: 7 });
      expect(state.fans).toEqual({ 0: 'kkkkkkk.kk' });
      const { commands } = step(of, state, { kind: 'resume' });
      expect(commands).toContainEqual(expect.objectContaining({ u: 0, ...begun }));
      const isSkipped = (k: number) => new ByHand(closingNote(state)).has({ u: 0, k });
      expect([...Array(10).keys()].filter((k) => !isSkipped(k))).toEqual([7]);
      // And skipped once more.
      const again = step(of, state, { kind: 'skip', u: 0, k: 7 });
      expect(again.state.fans).toEqual({ 0: 'kkkkkkkkkk' });
      expect(new ByHand(again.state).has({ u: 0, k: 7 })).toBe(true);
    },
  );
});
