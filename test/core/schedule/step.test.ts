import { describe, expect, it } from 'vitest';
import { nameOf } from '../../../src/core/graph/node.js';
import type { UnitGraph } from '../../../src/core/graph/units.js';
import { closingNote } from '../../../src/core/schedule/closing.js';
import { type Command, type Event, initialState, type State } from '../../../src/core/schedule/state.js';
import { resumed, step } from '../../../src/core/schedule/step.js';
import { sketch } from './support/graphs.js';

/** Gives the events in turn: the last state, and all commands as `start 0`, `start 1.2`, `expand 3`, `finish`, … */
function play(graph: UnitGraph, ...events: readonly Event[]): { state: State; said: string[] } {
  let state = initialState(graph);
  const said: string[] = [];
  for (const event of [{ kind: 'begin' } as const, ...events]) {
    const next = step(graph, state, event);
    state = next.state;
    said.push(...next.commands.map(word));
  }
  return { state, said };
}
function word(command: Command): string {
  if (command.kind === 'start') return `start ${command.u}${command.k === undefined ? '' : `.${command.k}`}`;
  if (command.kind === 'recall' && command.node) return `recall ${nameOf(command.node)}`;
  return command.kind === 'expand' ? `expand ${command.u}` : command.kind;
}
const ended = (
  u: number,
  status: Extract<Event, { kind: 'ended' }>['status'] = 'succeeded',
  k?: number,
): Event => (k === undefined ? { kind: 'ended', u, status } : { kind: 'ended', u, k, status });
const expanded = (u: number, count: number): Event => ({ kind: 'expanded', u, count });

describe('a brief', () => {
  it('whose only need failed is skipped, and so is what needs that one', () => {
    const graph = sketch([{}, { success: [0] }, { success: [1] }]);
    const { state, said } = play(graph, ended(0, 'failed'));
    expect([state.units, said]).toEqual(['fkk', ['start 0', 'finish']]);
  });

  it('is decided only when all its needs have ended, even after one has failed', () => {
    const graph = sketch([{}, {}, { success: [0, 1] }]);
    expect(play(graph, ended(0, 'failed')).state.units).toBe('fr.');
    expect(play(graph, ended(0, 'failed'), ended(1)).state.units).toBe('fsk');
  });

  it('that was not needed makes its dependants not needed, and no hole', () => {
    expect(play(sketch([{}, { success: [0] }]), ended(0, 'not-needed')).state.units).toBe('nn');
  });

  it('that is missing skips its dependants but does not stop a run that stops on failure', () => {
    const graph = sketch([{}, {}, { success: [0] }, { success: [1] }], { onFailure: 'stop' });
    const { state, said } = play(graph, ended(0, 'missing'), ended(1));
    expect([state.units, said]).toEqual(['mskr', ['start 0', 'start 1', 'start 3']]);
  });

  it('of a plan of none is nothing to wait for', () => {
    expect(play(sketch([])).said).toEqual(['finish']);
  });
});

describe('a join', () => {
  const due = (ms: number): Event => ({ kind: 'due', ms });

  it('of one success starts at the first, and the others go on', () => {
    const graph = sketch([{}, {}, { clauses: [{ of: [0, 1], when: 'one_success' }] }]);
    const { state, said } = play(graph, ended(0, 'failed'), ended(1));
    expect([state.units, said]).toEqual(['fsr', ['start 0', 'start 1', 'start 2']]);
    expect(play(graph, ended(1)).state.units).toBe('rsr');
  });

  it('starts only when all its clauses let it, and is skipped rather than not needed', () => {
    const graph = sketch([
      {},
      {},
      { success: [0], clauses: [{ of: [1], when: 'all_failed' }] },
      {
        clauses: [
          { of: [0], when: 'all_success' },
          { of: [1], when: 'one_failed' },
        ],
      },
    ]);
    expect(play(graph, ended(0, 'failed'), ended(1)).state.units).toBe('fskk');
    expect(play(graph, ended(0), ended(1)).state.units).toBe('ssnn');
    expect(play(graph, ended(0), ended(1, 'failed')).state.units).toBe('sfrr');
  });

  it('of so many counts the instances of a fan, of a share only once their number is known', () => {
    const share = sketch([{}, { kind: 'fan' }, { clauses: [{ of: [0, 1], when: 0.5 }] }]);
    expect(play(share, ended(0)).state.units).toBe('sr.');
    expect(play(share, ended(0), expanded(1, 3)).state.units).toBe('s*.');
    expect(play(share, ended(0), expanded(1, 3), ended(1, 'succeeded', 2)).state.units).toBe('s*r');
    const one = sketch([{}, { kind: 'fan' }, { clauses: [{ of: [0, 1], when: 1 }] }]);
    expect(play(one, ended(0)).state.units).toBe('srr');
  });

  it('with a time goes by what has ended by then; what ends later changes nothing', () => {
    const clauses = [{ of: [0, 1], when: 'all_done', byMs: 5 } as const];
    const graph = sketch([{}, {}, { clauses }]);
    const early = play(graph, ended(0), due(4));
    expect(early.state.units).toBe('sr.');
    const { state, said } = play(graph, ended(0), due(5), ended(1, 'failed'));
    expect([state.units, said]).toEqual(['sfr', ['start 0', 'start 1', 'start 2']]);
  });

  it('with a time by which too few have delivered is skipped, also where the run continues as new before', () => {
    const clauses = [{ of: [0, 1], when: 2, byMs: 5 } as const];
    const graph = sketch([{}, {}, {}, { success: [2], clauses }], { concurrency: 2 });
    const before = play(graph, due(5), { kind: 'drain' }, ended(0), ended(1)).state;
    expect(before.units).toBe('ss..');
    const again = step(graph, resumed(before), { kind: 'begin' });
    expect(step(graph, again.state, ended(2)).state.units).toBe('sssk');
  });

  it('that cancels the rest recalls what runs and ends what waits, and starts meanwhile', () => {
    const clauses = [{ of: [0], when: 1, rest: 'cancel' } as const];
    const graph = sketch([{ kind: 'fan' }, { clauses }], { concurrency: 2 });
    const { state, said } = play(graph, expanded(0, 4), ended(0, 'succeeded', 1));
    expect(said).toEqual(['expand 0', 'start 0.0', 'start 0.1', 'recall 0.0', 'start 1']);
    expect([state.units, state.fans[0]]).toEqual(['*r', 'rscc']);
    expect(step(graph, state, ended(0, 'not-reached', 0)).state).toMatchObject({
      units: 'dr',
      fans: { 0: 'cscc' },
    });
    expect(step(graph, state, ended(0, 'succeeded', 0)).state.fans[0]).toBe('sscc');
  });

  it('that cancels the rest ends a fan that is being expanded, whichever comes first', () => {
    const clauses = [{ of: [0, 1], when: 'one_success', rest: 'cancel' } as const];
    const graph = sketch([{}, { kind: 'fan' }, { clauses }]);
    const { state, said } = play(graph, ended(0));
    expect(said).toEqual(['start 0', 'expand 1', 'recall 1', 'start 2']);
    expect(step(graph, state, ended(1, 'cancelled')).state.units).toBe('scr');
    expect(step(graph, state, expanded(1, 2)).state).toMatchObject({ units: 'sdr', fans: { 1: 'cc' } });
  });

  it('of pairs goes by its rule, instance by instance', () => {
    const graph = sketch([{ kind: 'fan' }, { kind: 'fan', each: [0], eachRule: 'all_done' }]);
    const { state } = play(graph, expanded(0, 2), expanded(1, 2), ended(0, 'failed', 0));
    expect(state.fans).toEqual({ 0: 'fr', 1: 'r.' });
  });
});

describe('a person', () => {
  const two = sketch([{}, { success: [0] }, {}], { concurrency: 2 });

  it('pauses: nothing new starts and nothing is over, until it is resumed', () => {
    const paused = play(two, { kind: 'pause' }, ended(0), ended(2));
    expect([paused.state.units, paused.said]).toEqual(['s.s', ['start 0', 'start 2']]);
    const { state, commands } = step(two, paused.state, { kind: 'resume' });
    expect([state.units, commands.map(word), state.paused]).toEqual(['srs', ['start 1'], undefined]);
  });

  it('pauses a run of which nothing is left to start, and it finishes all the same', () => {
    expect(play(sketch([{}]), { kind: 'pause' }, ended(0)).said).toEqual(['start 0', 'finish']);
  });

  it('pauses across executions', () => {
    const drained = play(two, { kind: 'pause' }, { kind: 'drain' }, ended(0), ended(2));
    expect(drained.said.at(-1)).toBe('continue');
    const next = step(two, resumed(drained.state), { kind: 'begin' });
    expect(next.commands).toEqual([]);
    expect(step(two, next.state, { kind: 'resume' }).commands.map(word)).toEqual(['start 1']);
  });

  it('raises and lowers concurrency; what runs goes on', () => {
    const many = sketch([{ kind: 'fan' }], { concurrency: 3 });
    const lowered = play(many, expanded(0, 9), { kind: 'concurrency', limit: 1 }, ended(0, 'succeeded', 0));
    expect(lowered.state.fans[0]).toBe('srr......');
    const one = step(
      many,
      step(many, lowered.state, ended(0, 'succeeded', 1)).state,
      ended(0, 'succeeded', 2),
    );
    expect(one.state.fans[0]).toBe('sssr.....');
    const raised = step(many, one.state, { kind: 'concurrency', limit: 4 });
    expect(raised.state.fans[0]).toBe('sssrrrr..');
    // As a new execution would read it.
    const again = step(many, JSON.parse(JSON.stringify(raised.state)), ended(0, 'succeeded', 3));
    expect(again.state.fans[0]).toBe('ssssrrrr.');
  });

  it('skips what waits at once, and what runs as soon as it has stopped', () => {
    const graph = sketch([{}, {}, { success: [1] }], { concurrency: 1 });
    const { state, said } = play(graph, { kind: 'skip', u: 0 }, { kind: 'skip', u: 1 });
    expect([state.units, said]).toEqual(['kr.', ['start 1', 'recall 1']]);
    expect(step(graph, state, ended(1, 'cancelled')).state.units).toBe('kck');
    expect(step(graph, state, ended(1, 'not-reached')).state.units).toBe('kkk');
    expect(step(graph, state, ended(1)).state.units).toBe('ksr');
    expect(closingNote(state).byHand).toEqual(['0', '1']);
  });

  it('skips all of a fan, whether it is open or being expanded', () => {
    const graph = sketch([{ kind: 'fan' }, { done: [0] }], { concurrency: 1 });
    const open = play(graph, expanded(0, 3), ended(0), { kind: 'skip', u: 0 });
    expect([open.state.fans[0], open.said.at(-1)]).toEqual(['rkk', 'recall 0.0']);
    const expanding = play(graph, { kind: 'skip', u: 0 }, expanded(0, 2));
    expect(expanding.state).toMatchObject({ units: 'dr', fans: { 0: 'kk' } });
  });

  it('skips nothing that has ended', () => {
    const graph = sketch([{}, { success: [0] }]);
    const { state, said } = play(graph, ended(0), { kind: 'skip', u: 0 });
    expect([state.units, said]).toEqual(['sr', ['start 0', 'start 1']]);
  });

  it('has done once more what failed, and with it what never began because of it', () => {
    const graph = sketch([
      {},
      { success: [0] },
      { success: [1] },
      { clauses: [{ of: [0], when: 'all_done' }] },
      {},
    ]);
    const failed = play(graph, ended(0, 'failed'));
    expect(failed.state.units).toBe('fkkrr');
    const { state, commands } = step(graph, failed.state, { kind: 'retry', u: 0 });
    expect(state.units).toBe('r..rr');
    expect(commands).toEqual([{ kind: 'start', u: 0, dispatch: 2, again: 1 }]);
    const rest = [ended(0), ended(1), ended(2)].reduce((so, event) => step(graph, so, event).state, state);
    expect(rest.units).toBe('sssrr');
  });

  it('has an instance done once more, and its pairs, though the fan had ended', () => {
    const graph = sketch([{ kind: 'fan' }, { kind: 'fan', each: [0] }, {}]);
    const failed = play(
      graph,
      expanded(0, 2),
      expanded(1, 2),
      ended(0, 'failed', 0),
      ended(0, 'succeeded', 1),
      ended(1, 'succeeded', 1),
    );
    expect(failed.state).toMatchObject({ units: 'ddr', fans: { 0: 'fs', 1: 'ks' } });
    const { state } = step(graph, failed.state, { kind: 'retry', u: 0, k: 0 });
    expect(state).toMatchObject({ units: '**r', fans: { 0: 'rs', 1: '.s' } });
    const paired = step(graph, state, ended(0, 'succeeded', 0)).state;
    expect(paired).toMatchObject({ units: 'd*r', fans: { 0: 'ss', 1: 'rs' } });
  });

  it('has nothing done once more that delivered, waits, or is skipped for another', () => {
    const graph = sketch([{}, {}, { success: [1] }, {}], { concurrency: 2 });
    const before = play(graph, ended(0), ended(1, 'failed')).state;
    for (const u of [0, 2, 3])
      expect(step(graph, before, { kind: 'retry', u }).state.units).toBe(before.units);
    expect(before.units).toBe('sfkr');
  });
});

describe('what may start', () => {
  it('does by the longest remaining path first, then plan order', () => {
    const graph = sketch([{}, { ms: 5 }, {}, { success: [2], ms: 9 }], { concurrency: 2 });
    expect(play(graph, ended(2)).said).toEqual(['start 2', 'start 1', 'start 3']);
  });

  it('is not held back by one that cannot', () => {
    const graph = sketch([{ ms: 9, uses: { books: 1 } }, { ms: 8, uses: { books: 1 } }, { ms: 1 }], {
      capacity: { books: 1 },
    });
    expect(play(graph).said).toEqual(['start 0', 'start 2']);
  });

  it('is passed by a hundred times at most by what comes later, also where the run continues as new meanwhile', () => {
    const graph = sketch(
      [{}, { success: [0], ms: 50, uses: { pool: 3 } }, { kind: 'fan', uses: { pool: 1 } }],
      { capacity: { pool: 3 } },
    );
    let { state } = play(graph, expanded(2, 400), ended(0));
    const later: string[] = [];
    for (let k = 0; !later.includes('start 1') && k < 400; k++) {
      // A state that went through JSON has no memo: what it does not hold is forgotten.
      const next = step(
        graph,
        k % 7 === 0 ? JSON.parse(JSON.stringify(state)) : state,
        ended(2, 'succeeded', k),
      );
      state = next.state;
      later.push(...next.commands.map(word));
    }
    expect(later).toHaveLength(101);
    expect(later.at(-1)).toBe('start 1');
  });

  it('of high priority comes first, with all that it waits for; of low priority last', () => {
    const graph = sketch(
      [
        { ms: 9 },
        { ms: 8, priority: 'low' },
        { ms: 1 },
        { success: [2], ms: 1, priority: 'high' },
        { ms: 2 },
      ],
      { concurrency: 1 },
    );
    const { said } = play(graph, ended(2), ended(3), ended(0), ended(4));
    expect(said).toEqual(['start 2', 'start 3', 'start 0', 'start 4', 'start 1']);
  });

  it('holders of a lock go one by one, in dispatch order', () => {
    const graph = sketch(
      [{ ms: 1 }, { ms: 3 }, { ms: 2 }].map((u) => ({ ...u, uses: { books: 1 } })),
      {
        capacity: { books: 1 },
      },
    );
    expect(play(graph, ended(1), ended(2), ended(0)).said).toEqual([
      'start 1',
      'start 2',
      'start 0',
      'finish',
    ]);
  });

  it('takes amounts of several capacities at once, all or none', () => {
    const uses = { cores: 2, memory: 3 };
    const graph = sketch([{ uses }, { uses }, { uses: { cores: 2 } }], { capacity: { cores: 4, memory: 4 } });
    expect(play(graph).said).toEqual(['start 0', 'start 2']);
    expect(play(graph, ended(0)).said).toEqual(['start 0', 'start 2', 'start 1']);
  });

  it('that asks for more than there is never starts, and the run still finishes', () => {
    const graph = sketch([{ uses: { books: 2 } }, {}], { capacity: { books: 1 } });
    const { state, said } = play(graph, ended(1));
    expect([state.units, said]).toEqual(['.s', ['start 1', 'finish']]);
  });

  it('with barriers waits for the whole of the earlier wave, without them for its needs only', () => {
    const units = [{}, {}, { success: [0] }];
    expect(play(sketch(units), ended(0)).said).toEqual(['start 0', 'start 1', 'start 2']);
    const barred = sketch(units, { waves: 'barrier' });
    expect(play(barred, ended(0)).said).toEqual(['start 0', 'start 1']);
    expect(play(barred, ended(0), ended(1, 'failed')).said).toEqual(['start 0', 'start 1', 'start 2']);
  });
});

describe('a fan', () => {
  const fan = sketch([{ kind: 'fan' }, { done: [0] }]);

  it('is expanded when its needs are met, and done when all instances have ended, however they did', () => {
    const { state, said } = play(fan, expanded(0, 2), ended(0, 'failed', 1), ended(0, 'succeeded', 0));
    expect(said).toEqual(['expand 0', 'start 0.0', 'start 0.1', 'start 1']);
    expect([state.units, state.fans]).toEqual(['dr', { 0: 'sf' }]);
  });

  it('of none is done at once', () => {
    const { state, said } = play(fan, expanded(0, 0));
    expect([state.units, said]).toEqual(['dr', ['expand 0', 'start 1']]);
  });

  it('that would bring the run over 1,000 briefs with those already known is refused, and nothing of it starts', () => {
    const two = sketch([{ kind: 'fan' }, { kind: 'fan' }, { done: [0] }, { done: [1] }], {
      concurrency: 500,
    });
    const fits = play(two, expanded(0, 600), expanded(1, 398));
    expect(fits.state.units).toBe('**..');
    const { state, said } = play(two, expanded(0, 600), expanded(1, 399));
    expect(state.units).toBe('*x.k');
    expect(said.filter((command) => command.startsWith('start 1'))).toEqual([]);
  });

  it.each(['refused', 'failed', 'cancelled'] as const)(
    'whose expansion ended %s skips its dependants',
    (status) => {
      expect(play(fan, ended(0, status)).state.units.at(1)).toBe('k');
    },
  );

  it('that was not needed makes its dependants not needed', () => {
    expect(play(fan, ended(0, 'not-needed')).state.units).toBe('nn');
  });

  it('holds a slot while it is expanded, and its capacities only per instance', () => {
    const graph = sketch([{ kind: 'fan', ms: 3, uses: { books: 1 } }, { ms: 2, uses: { books: 1 } }, {}], {
      capacity: { books: 1 },
      concurrency: 2,
    });
    expect(play(graph).said).toEqual(['expand 0', 'start 1']);
    expect(play(graph, expanded(0, 2)).said).toEqual(['expand 0', 'start 1', 'start 2']);
    expect(play(graph, expanded(0, 2), ended(1)).said.at(-1)).toBe('start 0.0');
  });

  it('paired with another starts instance k when the other delivered its k, and skips it otherwise', () => {
    const graph = sketch([{ kind: 'fan' }, { kind: 'fan', each: [0] }]);
    const opened = [expanded(0, 3), expanded(1, 3)];
    expect(play(graph, ...opened).said).toEqual([
      'expand 0',
      'start 0.0',
      'start 0.1',
      'start 0.2',
      'expand 1',
    ]);
    const { state, said } = play(
      graph,
      ...opened,
      ended(0, 'succeeded', 2),
      ended(0, 'failed', 0),
      ended(0, 'not-needed', 1),
    );
    expect(said.slice(5)).toEqual(['start 1.2']);
    expect(state.fans).toEqual({ 0: 'fns', 1: 'knr' });
  });

  it('paired with one that never opened is skipped as a whole', () => {
    const graph = sketch([{ kind: 'fan' }, { kind: 'fan', each: [0] }]);
    expect(play(graph, ended(0, 'refused')).state.units).toBe('xk');
  });
});

describe('a run', () => {
  const three = sketch([{}, {}, {}], { concurrency: 2 });

  it('that stops on failure recalls what runs, starts nothing more, and says why it ended', () => {
    const graph = sketch([{}, {}, {}], { concurrency: 2, onFailure: 'stop' });
    const { state, said } = play(graph, ended(0, 'failed'), ended(1, 'cancelled'));
    expect(said).toEqual(['start 0', 'start 1', 'recall', 'finish']);
    expect(closingNote(state)).toEqual({ reason: 'failed', units: 'fc.', fans: {} });
  });

  it('that goes on after failures finishes with all there is', () => {
    const { state, said } = play(three, ended(0, 'failed'), ended(1), ended(2));
    expect(said).toEqual(['start 0', 'start 1', 'start 2', 'finish']);
    expect(closingNote(state).reason).toBe('completed');
  });

  it.each([
    ['cancel', 'cancelled'],
    ['deadline', 'deadline'],
  ] as const)('stopped by %s ends as %s; a later reason does not replace it', (kind, reason) => {
    const { state, said } = play(three, { kind }, { kind: 'cancel' }, { kind: 'drain' }, ended(1), ended(0));
    expect(said).toEqual(['start 0', 'start 1', 'recall', 'finish']);
    expect(closingNote(state).reason).toBe(reason);
  });

  it('cancelled before it began starts nothing', () => {
    const { commands } = step(three, initialState(three), { kind: 'cancel' });
    expect(commands).toEqual([{ kind: 'finish' }]);
  });

  it('that drains lets what runs end, then continues, and the next execution goes on from there', () => {
    const { state, said } = play(three, { kind: 'drain' }, ended(0), ended(1));
    expect(said).toEqual(['start 0', 'start 1', 'continue']);
    const next = step(three, resumed(JSON.parse(JSON.stringify(state)) as State), { kind: 'begin' });
    expect(next.commands).toEqual([{ kind: 'start', u: 2, dispatch: 1 }]);
  });

  it('that drains with nothing left to do finishes', () => {
    const { state, said } = play(sketch([{}]), { kind: 'drain' }, ended(0));
    expect([said, closingNote(state).reason]).toEqual([['start 0', 'finish'], 'completed']);
  });

  it('that is cancelled while it drains is cancelled', () => {
    expect(play(three, { kind: 'drain' }, { kind: 'cancel' }, ended(0), ended(1)).said).toEqual([
      'start 0',
      'start 1',
      'recall',
      'finish',
    ]);
  });

  it('says nothing more after it has finished', () => {
    const { state } = play(sketch([{}]), ended(0));
    for (const event of [{ kind: 'begin' }, { kind: 'cancel' }, { kind: 'drain' }, ended(0)] as const) {
      expect(step(sketch([{}]), state, event)).toEqual({ state, commands: [] });
    }
  });

  it('starts again what came back unstarted, and counts its dispatches, across executions too', () => {
    const graph = sketch([{}]);
    const back = play(graph, ended(0, 'not-reached'), { kind: 'drain' }, ended(0, 'not-reached'));
    expect(back.said).toEqual(['start 0', 'start 0', 'continue']);
    const { state, commands } = step(graph, resumed(back.state), { kind: 'begin' });
    expect(commands).toEqual([{ kind: 'start', u: 0, dispatch: 3 }]);
    expect(step(graph, state, ended(0)).state).toMatchObject({ units: 's', dispatches: {} });
  });
});

describe('a thousand units', () => {
  const run = (graph: UnitGraph): number => {
    let state = initialState(graph);
    let starts = 0;
    const inFlight: Event[] = [{ kind: 'begin' }];
    for (let event = inFlight.pop(); event !== undefined; event = inFlight.pop()) {
      const next = step(graph, state, event);
      state = next.state;
      for (const command of next.commands) {
        if (command.kind !== 'start') continue;
        starts++;
        inFlight.push(ended(command.u));
      }
    }
    expect(state.units).toBe('s'.repeat(graph.units.length));
    expect(new TextEncoder().encode(JSON.stringify({ graph, state })).length).toBeLessThan(256 * 1024);
    return starts;
  };
  const each = <T>(n: number, make: (u: number) => T) => Array.from({ length: n }, (_, u) => make(u));
  const template = sketch([{}]).units[0]!;
  /** `needs` undefined for the first unit of all. */
  const graphOf = (needs: readonly (number | undefined)[], sets: UnitGraph['sets']): UnitGraph => ({
    ...sketch([]),
    units: needs.map((set, u) => {
      const { needs: _, uses: __, ...bare } = template;
      return { ...bare, label: `brief_${u}`.padEnd(60, 'x'), ...(set === undefined ? {} : { needs: set }) };
    }),
    sets,
  });

  it('in a chain are all dispatched, and fit a message', () => {
    const chain = graphOf(
      each(1000, (u) => (u === 0 ? undefined : u - 1)),
      each(999, (u) => ({ success: [u] })),
    );
    expect(run(chain)).toBe(1000);
  });

  it('of which 500 need the other 500, a quarter of a million edges, likewise', () => {
    const halves = graphOf(
      each(1000, (u) => (u < 500 ? undefined : 0)),
      [{ success: each(500, (u) => u) }],
    );
    expect(run(halves)).toBe(1000);
  });
});

describe('a gate', () => {
  const asked = (u: number, digest: string, k?: number): Event => ({
    ...{ kind: 'asked', u, question: { digest, since: 5 } },
    ...(k !== undefined && { k }),
  });
  const answer = (u: number, digest: string, verdict: 'approved' | 'rejected' = 'approved'): Event => ({
    ...{ kind: 'answer', u, answer: { verdict, digest } },
  });
  const inTwo = sketch([{ gate: true }, {}, { success: [0] }], { concurrency: 1 });

  it('takes no slot to ask, none while it waits, and none when it is started again with the answer', () => {
    const asking = play(inTwo, asked(0, 'a'));
    expect([asking.state.units, asking.said]).toEqual(['wr.', ['start 0', 'start 1']]);
    const { state, commands } = step(inTwo, asking.state, answer(0, 'a'));
    expect(commands).toEqual([
      { kind: 'start', u: 0, dispatch: 2, answer: { verdict: 'approved', digest: 'a' } },
    ]);
    expect(step(inTwo, state, ended(0)).state).toMatchObject({ units: 'sr.' });
    expect(step(inTwo, state, ended(0)).state.asked).toBeUndefined();
  });

  it('keeps the run from ending, and from nothing else', () => {
    const { state, said } = play(inTwo, asked(0, 'a'), ended(1));
    expect([state.units, said]).toEqual(['ws.', ['start 0', 'start 1']]);
    expect(step(inTwo, state, { kind: 'drain' }).commands).toEqual([{ kind: 'continue' }]);
    const again = step(inTwo, resumed(step(inTwo, state, { kind: 'drain' }).state), { kind: 'begin' });
    expect([again.commands, again.state.asked]).toEqual([[], { 0: { digest: 'a', since: 5 } }]);
  });

  it('is moved by the first answer to exactly what it asks, and by no other', () => {
    const { state } = play(inTwo, asked(0, 'a'));
    expect(step(inTwo, state, answer(0, 'b')).state).toEqual(state);
    expect(step(inTwo, state, answer(1, 'a'), answer(2, 'a')).state).toEqual(state);
    const twice = step(inTwo, state, answer(0, 'a'), answer(0, 'a', 'rejected')).state;
    expect(twice.asked?.[0]?.answer?.verdict).toBe('approved');
  });

  it('that waits when the run is stopped does not hold it up', () => {
    const { state } = play(inTwo, asked(0, 'a'), ended(1));
    const stopped = step(inTwo, state, { kind: 'cancel' });
    expect([stopped.state.units, stopped.commands]).toEqual(['ws.', [{ kind: 'finish' }]]);
  });

  it('that somebody skips is skipped at once, with what needs it, and asks anew when it is retried', () => {
    const { state } = play(inTwo, asked(0, 'a'), { kind: 'skip', u: 0 });
    expect([state.units, state.asked]).toEqual(['krk', undefined]);
    const { commands } = step(inTwo, state, { kind: 'retry', u: 0 });
    expect(commands).toEqual([{ kind: 'start', u: 0, dispatch: 2, again: 1 }]);
  });

  it('that was rejected skips what needs it, and asks anew when it is retried', () => {
    const open = sketch([{ gate: true }, {}, { success: [0] }]);
    const rejected = play(open, asked(0, 'a'), answer(0, 'a', 'rejected'), ended(0, 'failed')).state;
    expect(rejected.units).toBe('frk');
    const again = step(open, rejected, { kind: 'retry', u: 0 });
    expect(again.commands).toEqual([{ kind: 'start', u: 0, dispatch: 3, again: 1 }]);
    const asking = step(open, again.state, asked(0, 'b')).state;
    expect(step(open, asking, answer(0, 'a')).state.units).toBe('wr.');
    expect(step(open, asking, answer(0, 'b')).state.units).toBe('rr.');
  });

  it('takes up an answer that came in a pause, though a need of it is done again meanwhile', () => {
    const graph = sketch([{}, { gate: true, clauses: [{ of: [0], when: 'all_done' }] }]);
    const before: Event[] = [ended(0, 'failed'), asked(1, 'a'), { kind: 'pause' }, answer(1, 'a')];
    const { state, said } = play(graph, ...before, { kind: 'retry', u: 0 });
    expect([state.units, said]).toEqual(['..', ['start 0', 'start 1']]);
    const copy = JSON.parse(JSON.stringify(state)) as State;
    const { commands } = step(graph, copy, { kind: 'resume' });
    expect(commands.map(word)).toEqual(['start 0', 'start 1']);
  });

  it('of each instance asks for itself', () => {
    const graph = sketch([{ kind: 'fan', gate: true }, { done: [0] }]);
    const { state } = play(graph, expanded(0, 2), asked(0, 'a', 0), asked(0, 'b', 1));
    expect([state.fans[0], Object.keys(state.asked ?? {})]).toEqual(['ww', ['0.0', '0.1']]);
    const one = { kind: 'answer', u: 0, k: 1, answer: { verdict: 'approved', digest: 'b' } } as const;
    expect(step(graph, state, one).state.fans[0]).toBe('wr');
  });
});
