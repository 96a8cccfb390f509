import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../src/adapters/stores/memory.js';
import { Failure } from '../../src/core/outcome/failure.js';
import type { Ended } from '../../src/engine/lease.js';
import { runUnit } from '../../src/engine/runUnit.js';
import type { Task } from '../../src/ports/executor.js';
import { everyOrder, gated } from './schedule.js';
import { attempt, planOf, setting, value } from './setting.js';

type Said = Ended | { readonly kind: 'superseded' };

/** Two holders of one unit in two processes, in every order their steps can happen. */
async function race(
  holders: readonly [number, number],
  act: (task: Task, nth: number) => ReturnType<typeof value>,
  check: (seen: {
    readonly said: readonly Said[];
    readonly keys: readonly string[];
    readonly order: readonly string[];
    readonly state: Awaited<ReturnType<Awaited<ReturnType<typeof setting>>['state']>>;
    readonly wrote: readonly string[];
  }) => void,
  plan = planOf({ id: 'dig' }),
): Promise<number> {
  return everyOrder(async (gates) => {
    const store = memoryStore();
    const s = await setting(plan, () => value(0), store);
    const keys: string[] = [];
    const said = holders.map(async (n): Promise<Said> => {
      const who = `holder ${n}`;
      const executor = async (task: Task) => {
        keys.push(task.key);
        await gates.pass(who, 'effect');
        return act(task, n);
      };
      const effects = {
        ...s.effects,
        store: gated(store, gates, who),
        executors: { run: executor, ask: executor, http: executor, call: executor, constant: executor },
        isolated: executor,
      };
      try {
        return await runUnit(s.lease(attempt(n)), effects);
      } catch (error) {
        if (error instanceof Failure && error.type === 'Superseded') return { kind: 'superseded' };
        throw error;
      }
    });
    return async (order) => {
      const segments = await s.segments();
      check({
        said: await Promise.all(said),
        keys,
        order,
        state: await s.state(),
        wrote: segments.map(({ holder }) => `holder ${holder.attempt}`),
      });
    };
  });
}

describe('two holders of one unit', () => {
  it('a paused first holder cannot commit once the second has, whichever creates first', async () => {
    let superseded = 0;
    let returned = 0;
    const orders = await race(
      [1, 2],
      (_, n) => value(n),
      ({ said, state, wrote, order, keys }) => {
        const shown = order.join(', ');
        expect(state.final?.status, shown).toBe('succeeded');
        expect(state.late, shown).toBe(0);
        // Nobody commits after a higher holder has.
        expect([...wrote], shown).toEqual([...wrote].sort());
        expect(new Set(keys).size, shown).toBe(1);
        const [first, second] = said;
        expect(second, shown).toMatchObject({ kind: 'ended', result: { status: 'succeeded', tries: 1 } });
        if (wrote[0] === 'holder 1') {
          // What the first recorded is what the second returns; it begins no effect after that.
          expect(first?.kind, shown).toBe('ended');
          expect(keys, shown).toHaveLength(1);
          expect(
            wrote.filter((who) => who === 'holder 1'),
            shown,
          ).toHaveLength(1);
          returned++;
        } else {
          expect(first?.kind, shown).toBe('superseded');
          expect(wrote, shown).not.toContain('holder 1');
          superseded++;
        }
      },
    );
    expect(orders).toBeGreaterThan(50);
    expect(superseded).toBeGreaterThan(0);
    expect(returned).toBeGreaterThan(0);
  });

  it('two later holders, both fenced: the higher ends the unit, and the lower knows it', async () => {
    const orders = await race(
      [2, 3],
      (_, n) => value(n),
      ({ said, state, wrote, order, keys }) => {
        const shown = order.join(', ');
        expect(state.final?.status, shown).toBe('succeeded');
        expect(state.late, shown).toBe(0);
        expect([...wrote], shown).toEqual([...wrote].sort());
        expect(new Set(keys).size, shown).toBe(1);
        expect(said[1]?.kind, shown).toBe('ended');
        expect(['ended', 'superseded'], shown).toContain(said[0]?.kind);
      },
    );
    expect(orders).toBeGreaterThan(100);
  }, 120_000);

  it('a failure that the first recorded is not tried again by the second as the same try', async () => {
    await race(
      [1, 2],
      (_, n) => {
        if (n === 1) throw new Failure('CommandFailed', 'no');
        return value(n);
      },
      ({ said, state, wrote, order, keys }) => {
        const shown = order.join(', ');
        expect(state.late, shown).toBe(0);
        if (wrote[0] === 'holder 1') {
          expect(state.tries, shown).toBe(1);
          expect(said[1]?.kind, shown).toBe('again');
        } else {
          expect(said[1], shown).toMatchObject({ kind: 'ended', result: { tries: 1 } });
        }
        expect(new Set(keys).size, shown).toBe(1);
      },
    );
  });

  it('that both find a brief not needed say so once', async () => {
    await race(
      [1, 2],
      () => value(0),
      ({ said, state, order, keys }) => {
        const shown = order.join(', ');
        expect(state.final?.status, shown).toBe('not-needed');
        expect(state.late, shown).toBe(0);
        expect(said[1], shown).toMatchObject({ result: { status: 'not-needed', tries: 0 } });
        expect(keys, shown).toEqual([]);
      },
      planOf({ id: 'dig', when: 'false' }),
    );
  });
});
