import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildWaves } from '../../../src/core/graph/waves.js';
import type { Event, State } from '../../../src/core/schedule/state.js';
import { step } from '../../../src/core/schedule/step.js';
import { drive, type Taken } from './support/drive.js';
import { byName, endsIn } from './support/ends.js';
import { finalEnds, nameOf, watch } from './support/oracle.js';
import { type Scenario, scenarios, type Wanted } from './support/scenario.js';

const RUNS = { numRuns: 500 };
const always = (wanted: Wanted, check: (scenario: Scenario) => void) =>
  fc.assert(fc.property(scenarios(wanted), check), RUNS);

const last = (taken: readonly Taken[]) => taken.at(-1)!;

describe('in every run of a random plan', () => {
  it('every unit and instance ends as its own outcome and its needs say, whatever the order of completion', () => {
    always({}, (scenario) => {
      const expected = byName(finalEnds(scenario));
      expect(byName(endsIn(last(drive(scenario)).state))).toEqual(expected);
      expect(byName(endsIn(last(drive(scenario, { choose: () => 0 })).state))).toEqual(expected);
      expect(byName(endsIn(last(drive(scenario, { choose: (n) => n - 1 })).state))).toEqual(expected);
    });
  });

  it('exactly what ends by itself was started, once each, with dispatch 1', () => {
    always({}, (scenario) => {
      const taken = drive(scenario);
      const started = taken.flatMap(({ commands }) =>
        commands.flatMap((c) =>
          c.kind === 'start' || c.kind === 'expand' ? [`${nameOf(c)} ${c.dispatch}`] : [],
        ),
      );
      const reported = taken.flatMap(({ event }) =>
        event.kind === 'ended' || event.kind === 'expanded'
          ? [`${nameOf({ k: undefined, ...event })} 1`]
          : [],
      );
      expect(started.sort()).toEqual(reported.sort());
      expect(new Set(started).size).toBe(started.length);
    });
  });

  it('nothing starts before its needs have ended well, nor before its wave where there are barriers', () => {
    always({}, (scenario) => {
      for (const { begun } of watch(scenario, drive(scenario))) {
        for (const { node, allowed } of begun) expect([nameOf(node), allowed]).toEqual([nameOf(node), true]);
      }
    });
  });

  it('no more run at once than concurrency allows, and no capacity is lent twice', () => {
    always({}, (scenario) => {
      const { concurrency, capacities } = scenario.graph;
      for (const { running, held } of watch(scenario, drive(scenario))) {
        expect(running.length).toBeLessThanOrEqual(concurrency);
        for (const [c, amount] of held.entries()) expect(amount).toBeLessThanOrEqual(capacities[c]!.capacity);
      }
    });
  });

  it('no two holders of a lock overlap', () => {
    always({}, (scenario) => {
      const { capacities, units } = scenario.graph;
      const locks = capacities.flatMap(({ capacity }, c) => (capacity === 1 ? [c] : []));
      for (const { running } of watch(scenario, drive(scenario))) {
        for (const lock of locks) {
          const holders = running.filter(
            ({ u, k }) =>
              (units[u]!.kind === 'brief' || k !== undefined) && units[u]!.uses?.some(([c]) => c === lock),
          );
          expect(holders.length).toBeLessThanOrEqual(1);
        }
      }
    });
  });

  it('nothing that could start is left waiting (work-conserving; with barriers, within the wave)', () => {
    always({}, (scenario) => {
      for (const { idleThough } of watch(scenario, drive(scenario))) expect(idleThough).toEqual([]);
    });
  });

  it('what starts comes before all else that could have: longest remaining path, wave, plan order, k', () => {
    always({}, (scenario) => {
      const waves = buildWaves(scenario.graph);
      const waveOf = scenario.graph.units.map((_, u) => waves.findIndex((w) => w.includes(u)));
      const order = ({ u, k }: { u: number; k?: number | undefined }) => [
        -scenario.graph.units[u]!.rank,
        waveOf[u]!,
        u,
        k ?? -1,
      ];
      const compare = (a: number[], b: number[]) => a.map((x, i) => x - b[i]!).find((d) => d !== 0) ?? 0;
      for (const { begun } of watch(scenario, drive(scenario))) {
        for (const { node, ahead } of begun) {
          for (const other of ahead) expect(compare(order(node), order(other))).toBeLessThan(0);
        }
      }
    });
  });

  it('the last command, and only that one, is finish', () => {
    always({}, (scenario) => {
      const commands = drive(scenario).flatMap((t) => t.commands.map((c) => c.kind));
      expect(commands.indexOf('finish')).toBe(commands.length - 1);
      expect(commands).not.toContain('continue');
      expect(commands).not.toContain('recall');
    });
  });
});

describe('in a plan in which people are asked', () => {
  const gates = { gates: true } as const;

  it('everything ends as it would without, in whatever order they answer', () => {
    always(gates, (scenario) => {
      const expected = byName(finalEnds(scenario));
      expect(byName(endsIn(last(drive(scenario)).state))).toEqual(expected);
      expect(byName(endsIn(last(drive(scenario, { choose: (n) => n - 1 })).state))).toEqual(expected);
    });
  });

  it('each is started to ask and once more with the answer, and all others once', () => {
    always(gates, (scenario) => {
      const started = drive(scenario).flatMap(({ commands }) =>
        commands.flatMap((c) => (c.kind === 'start' ? [c] : [])),
      );
      for (const { u, k, dispatch, answer } of started) {
        expect([nameOf({ u, k }), dispatch]).toEqual([nameOf({ u, k }), answer ? 2 : 1]);
        expect(answer === undefined || scenario.graph.units[u]!.gate).toBe(true);
      }
      const asked = started.filter(({ u, answer }) => scenario.graph.units[u]!.gate && !answer);
      expect(started.filter(({ answer }) => answer)).toHaveLength(asked.length);
    });
  });

  it('who waits for an answer holds nothing, and nothing that could start waits for it', () => {
    always(gates, (scenario) => {
      const { concurrency, capacities } = scenario.graph;
      for (const { running, held, idleThough } of watch(scenario, drive(scenario))) {
        expect(running.length).toBeLessThanOrEqual(concurrency);
        for (const [c, amount] of held.entries()) expect(amount).toBeLessThanOrEqual(capacities[c]!.capacity);
        expect(idleThough).toEqual([]);
      }
    });
  });

  it('the run goes on after any number of drains as if there had been none, and from JSON at every step', () => {
    always(gates, (scenario) => {
      const drained = drive(scenario, {
        interrupt: (n) => (n % 4 === 3 ? { kind: 'drain' } : undefined),
        between: (s) => JSON.parse(JSON.stringify(s)) as State,
      });
      expect(byName(endsIn(last(drained).state))).toEqual(byName(finalEnds(scenario)));
    });
  });
});

describe('the state', () => {
  it('survives JSON at every step with an identical continuation', () => {
    always({}, (scenario) => {
      const choose = () => 0;
      const whole = drive(scenario, { choose });
      const copied = drive(scenario, { choose, between: (s) => JSON.parse(JSON.stringify(s)) as State });
      expect(copied).toEqual(whole);
    });
  });

  it('can be stepped from again with the same answer, and is itself never changed', () => {
    always({}, (scenario) => {
      const taken = drive(scenario);
      for (const [at, { event, state, commands }] of taken.slice(1).entries()) {
        const before = taken[at]!.state;
        const said = JSON.stringify(before);
        expect(step(scenario.graph, before, event)).toEqual({ state, commands });
        expect(JSON.stringify(before)).toBe(said);
      }
    });
  });

  it('goes on after any number of drains as if there had been none', () => {
    always({}, (scenario) => {
      const drained = drive(scenario, { interrupt: (n) => (n % 4 === 3 ? { kind: 'drain' } : undefined) });
      expect(byName(endsIn(last(drained).state))).toEqual(byName(finalEnds(scenario)));
      for (const { begun } of watch(scenario, drained))
        for (const { before } of begun) expect(before).toBe(0);
    });
  });
});

describe('events that repeat, or concern nothing that runs,', () => {
  it('change no letter and start nothing twice', () => {
    always({}, (scenario) => {
      const noise: Event[] = [];
      const quiet = drive(scenario, { choose: () => 0 });
      const events = quiet.map(({ event }) => event).filter((event) => event.kind !== 'begin');
      noise.push(
        { kind: 'ended', u: 999, status: 'failed' },
        { kind: 'ended', u: 0, k: 99, status: 'failed' },
      );
      noise.push({ kind: 'expanded', u: -1, count: 3 }, { kind: 'begin' });
      let told = 0;
      const noisy = drive(scenario, {
        choose: () => 0,
        interrupt: (n) => {
          if (n % 2 === 0) return undefined;
          // An event that was told before, or one of the unknown.
          const past = events.slice(0, told++);
          return past.length > 0 && n % 3 === 0 ? past[scenario.draw(past.length)] : noise[n % noise.length];
        },
      });
      expect(byName(endsIn(last(noisy).state))).toEqual(byName(endsIn(last(quiet).state)));
    });
  });
});

describe('a run that is stopped', () => {
  it.each(['cancel', 'deadline'] as const)(
    'by %s starts nothing more, recalls once, and finishes when all has ended',
    (kind) => {
      fc.assert(
        fc.property(scenarios({}), fc.integer({ min: 1, max: 20 }), (scenario, at) => {
          const taken = drive(scenario, { interrupt: (n) => (n === at ? { kind } : undefined) });
          const stop = taken.findIndex(({ event }) => event.kind === kind);
          if (stop < 0 || taken[stop - 1]!.state.closed) return;
          const said = taken.slice(stop).flatMap(({ commands }) => commands.map((c) => c.kind));
          const ran = taken[stop - 1]!.state.running.length;
          expect(said).toEqual(ran > 0 ? ['recall', 'finish'] : ['finish']);
          expect(last(taken).state.running).toEqual([]);
        }),
        RUNS,
      );
    },
  );

  it('by its first failure, where the plan says so, starts nothing afterwards', () => {
    always({ onFailure: 'stop' }, (scenario) => {
      const taken = drive(scenario);
      const failure = taken.findIndex(({ event }) => event.kind === 'ended' && event.status === 'failed');
      if (failure < 0) return;
      const said = taken.slice(failure).flatMap(({ commands }) => commands.map((c) => c.kind));
      expect(said.filter((c) => c === 'start' || c === 'expand')).toEqual([]);
      expect(last(taken).state.stopping).toBe('failed');
      expect(said.at(-1)).toBe('finish');
    });
  });
});
