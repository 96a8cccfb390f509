import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UnitGraph } from '../../../src/core/graph/units.js';
import { Allowance } from '../../../src/core/schedule/allowance.js';
import { Borrowing } from '../../../src/core/schedule/borrowing.js';
import { type Command, type Event, initialState } from '../../../src/core/schedule/state.js';
import { demandOf, step } from '../../../src/core/schedule/step.js';

/** Runs first, then plain briefs; what comes first in dispatch order is drawn. */
const graphOf = (runs: number, ranks: readonly number[], concurrency: number): UnitGraph => ({
  v: 1,
  units: ranks.map((rank, u) => ({
    kind: 'brief',
    label: `b${u}`,
    rank,
    timeoutMs: 1,
    heartbeatMs: 1,
    ...(u < runs && { within: true }),
  })),
  sets: [],
  capacities: [],
  concurrency,
  waves: 'rolling',
  onFailure: 'continue',
});

/** A run within, as its parent knows it: what it could do at once, and what it does. */
class Within {
  used = 0;
  readonly book = new Borrowing(1);
  readonly inbox: number[] = [];
  readonly outbox: { readonly wants: number; readonly back: number }[] = [];
  limit = 1;
  constructor(public wishes: number) {
    this.go();
  }
  go(): void {
    this.used = Math.max(this.used, Math.min(this.limit, this.wishes));
    this.limit = this.book.settle(this.demand) ?? this.limit;
    if (this.book.hasNews) this.outbox.push(this.book.report());
  }
  /** Some of what it does ends. */
  end(count: number): void {
    this.used = Math.max(0, this.used - count);
    this.go();
  }
  wish(count: number): void {
    this.wishes = count;
    this.used = Math.min(this.used, Math.max(count, 0));
    this.go();
  }
  hear(): void {
    this.limit = this.book.lend(this.inbox.shift()!);
    // What runs goes on; less is begun from now on.
    this.go();
  }
  private get demand() {
    return { used: this.used, wanted: Math.max(0, this.wishes - this.used) };
  }
}

class Parent {
  readonly running = new Set<number>();
  readonly within = new Map<number, Within>();
  state;
  constructor(
    readonly graph: UnitGraph,
    readonly wishes: readonly number[],
  ) {
    this.state = initialState(graph);
    this.tell({ kind: 'begin' });
  }
  tell(event: Event): void {
    const next = step(this.graph, this.state, event);
    // As it would be after a crash: nothing but the state is known.
    this.state = JSON.parse(JSON.stringify(next.state)) as typeof next.state;
    for (const command of next.commands) this.carryOut(command);
  }
  private carryOut(command: Command): void {
    if (command.kind === 'start') {
      this.running.add(command.u);
      if (this.graph.units[command.u]!.within)
        this.within.set(command.u, new Within(this.wishes[command.u]!));
    }
    if (command.kind === 'lend') this.within.get(command.u)?.inbox.push(command.slots);
  }
  end(u: number): void {
    this.running.delete(u);
    this.within.delete(u);
    this.tell({ kind: 'ended', u, status: 'succeeded' });
  }
  get used(): number {
    const plain = [...this.running].filter((u) => !this.within.has(u)).length;
    // One that does nothing holds its slot all the same.
    return [...this.within.values()].reduce((sum, { used }) => sum + Math.max(1, used), plain);
  }
  /** Every message there is, until there is none. */
  settle(): void {
    for (let left = true; left; ) {
      left = false;
      for (const [u, run] of this.within) {
        const said = run.outbox.shift();
        if (said) this.tell({ kind: 'wants', u, ...said });
        if (run.inbox.length > 0) run.hear();
        left ||= said !== undefined || run.inbox.length > 0 || run.outbox.length > 0;
      }
    }
  }
}

const runs = fc
  .record({
    runs: fc.integer({ min: 1, max: 4 }),
    ranks: fc.array(fc.nat(20), { minLength: 4, maxLength: 8 }),
    concurrency: fc.integer({ min: 1, max: 8 }),
    wishes: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 8, maxLength: 8 }),
  })
  .map(({ runs, ranks, concurrency, wishes }) => ({
    graph: graphOf(runs, ranks, concurrency),
    wishes,
  }));
const moves = fc.array(
  fc.record({ what: fc.constantFrom('say', 'hear', 'wish', 'end', 'over'), which: fc.nat(), n: fc.nat(9) }),
  { maxLength: 60 },
);

describe('slots lent to runs within a run', () => {
  it('and what is held never exceed the limit, in whatever order messages come', () => {
    fc.assert(
      fc.property(runs, moves, ({ graph, wishes }, all) => {
        const parent = new Parent(graph, wishes);
        for (const { what, which, n } of all) {
          const inHand = [...parent.within];
          const one = inHand[which % Math.max(1, inHand.length)];
          if (what === 'over') {
            const over = [...parent.running][which % Math.max(1, parent.running.size)];
            if (over !== undefined) parent.end(over);
          } else if (one) {
            const [u, run] = one;
            const said = what === 'say' ? run.outbox.shift() : undefined;
            if (said) parent.tell({ kind: 'wants', u, ...said });
            if (what === 'hear' && run.inbox.length > 0) run.hear();
            if (what === 'wish') run.wish(n);
            if (what === 'end') run.end(n);
          }
          expect(parent.used).toBeLessThanOrEqual(graph.concurrency);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('are as many as there is a use for and room', () => {
    fc.assert(
      fc.property(runs, ({ graph, wishes }) => {
        const parent = new Parent(graph, wishes);
        parent.settle();
        const wished = graph.units.reduce(
          (sum, { within }, u) => sum + (within ? Math.max(1, wishes[u]!) : 1),
          0,
        );
        expect(parent.used).toBe(Math.min(graph.concurrency, wished));
      }),
      { numRuns: 300 },
    );
  });

  it('come back when it has no use for them, and go to what waits', () => {
    const parent = new Parent(graphOf(1, [9, 1, 1, 1], 3), [5, 0, 0, 0]);
    parent.settle();
    for (const u of [1, 2]) parent.end(u);
    parent.settle();
    expect(parent.within.get(0)?.used).toBe(3);
    expect([...parent.running]).toEqual([0]);
    parent.within.get(0)!.wish(1);
    parent.settle();
    expect([...parent.running]).toEqual([0, 3]);
    parent.end(0);
    expect(parent.state).not.toHaveProperty('loans');
  });

  it('are called back for what comes first', () => {
    const graph = graphOf(1, [1, 9, 9], 2);
    const first: UnitGraph = {
      ...graph,
      units: [graph.units[0]!, graph.units[1]!, { ...graph.units[2]!, needs: 0 }],
      sets: [{ success: [1] }],
    };
    const parent = new Parent({ ...first, concurrency: 3 }, [5, 0, 0]);
    parent.settle();
    expect(parent.within.get(0)?.used).toBe(2);
    expect(demandOf(parent.graph, parent.state)).toEqual({ used: 3, wanted: 3 });
  });
});

describe('briefs that a run may come to with all runs within it', () => {
  const asked = fc.array(
    fc.record({ by: fc.nat(5), count: fc.integer({ min: 1, max: 60 }), over: fc.boolean() }),
    {
      maxLength: 40,
    },
  );

  it('are never more than its most, however deep they are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 300 }), asked, async (most, all) => {
        const root = new Allowance(most, 0);
        const chain = [root];
        for (let depth = 1; depth < 4; depth++) {
          const above = chain[depth - 1]!;
          chain.push(new Allowance(0, 0, (count) => above.take(count)));
        }
        let taken = 0;
        for (const { by, count } of all) {
          const had = taken;
          if (await chain[by % chain.length]!.take(count)) taken += count;
          else expect(had + count + reserved(chain)).toBeGreaterThan(most);
          expect(taken + reserved(chain)).toBe(most);
        }
      }),
    );
  });

  it('are never more than its most, where several ask at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 300 }), asked, async (most, all) => {
        const root = new Allowance(most, 0);
        const within = new Allowance(0, 1, async (count) => {
          await Promise.resolve();
          return root.take(count);
        });
        let taken = 0;
        const asking = all.map(async ({ by, count }, n) => {
          for (let at = 0; at < n; at++) await Promise.resolve();
          if (await [root, within][by % 2]!.take(count)) taken += count;
          expect(Math.min(root.state.left, within.state.left)).toBeGreaterThanOrEqual(0);
        });
        await Promise.all(asking);
        expect(taken + reserved([root, within])).toBe(most);
      }),
    );
  });

  const reserved = (all: readonly Allowance[]) => all.reduce((sum, { state }) => sum + state.left, 0);

  it('are asked for seldom: each time as many again', async () => {
    let times = 0;
    const within = new Allowance(0, 1, async () => ++times > 0);
    for (let n = 0; n < 10_000; n++) expect(await within.take(1)).toBe(true);
    expect(times).toBeLessThan(16);
  });
});
