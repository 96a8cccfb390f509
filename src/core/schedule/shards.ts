import { type Node, nameOf } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import type { Letters } from './letters.js';
import { endOf, type Loan, type Shard, type State } from './state.js';

interface Lent {
  readonly node: Required<Node>;
  lent: number;
  owed: number;
  /** Not told yet. */
  more: number;
  begun: boolean;
}

/**
 * Fans cut into shards, each a run of instances that a workflow of its own carries out. A shard is known by its first
 * instance.
 *  1. What is lent to it is taken from the run's own: what is lent and what is held never exceed a limit (E5).
 *  2. It goes on to the next of its instances with a slot it has; only what it has no use for comes back.
 *  3. It lives as long as it has a slot. What it has not begun then waits again.
 */
export class Shards {
  private readonly fans: Set<number>;
  private readonly loans = new Map<string, Lent>();
  private readonly of: number;

  constructor(
    graph: UnitGraph,
    state: State,
    private readonly letters: Letters,
  ) {
    this.of = graph.sharding?.of ?? 1;
    this.fans = new Set(Object.keys(state.shards ?? {}).map(Number));
    for (const [u, loans] of Object.entries(state.shards ?? {}))
      for (const [k, { lent, owed = 0 }] of Object.entries(loans)) {
        const node = { u: Number(u), k: Number(k) };
        this.loans.set(nameOf(node), { node, lent, owed, more: 0, begun: true });
      }
  }

  cut(u: number): void {
    this.fans.add(u);
  }

  /** Whether it is an instance of a fan that is cut. */
  has({ u, k }: Node): boolean {
    return k !== undefined && this.isCut(u);
  }

  isCut(u: number): boolean {
    return this.fans.has(u);
  }

  /** The shard that an instance is in. */
  around({ u, k = 0 }: Node): Required<Node> {
    return { u, k: k - (k % this.of) };
  }

  instances({ u, k }: Required<Node>): Required<Node>[] {
    const width = this.letters.fans.get(u)?.length ?? 0;
    return Array.from({ length: Math.min(this.of, width - k) }, (_, at) => ({ u, k: k + at }));
  }

  get running(): readonly Readonly<Lent>[] {
    return [...this.loans.values()];
  }

  /** Whether the shard runs that an instance is in. */
  runs(node: Node): node is Required<Node> {
    return this.has(node) && this.loans.has(nameOf(this.around(node)));
  }

  /** How many slots more it has something to do for. */
  wanted(shard: Required<Node>): number {
    const { lent, owed } = this.loans.get(nameOf(shard)) ?? { lent: 0, owed: 0 };
    const left = this.instances(shard).filter((one) => endOf(this.letters.of(one)!) === undefined);
    return Math.max(0, left.length - (lent - owed));
  }

  /** One slot more. */
  lend(node: Required<Node>): void {
    const loan = this.loans.get(nameOf(node)) ?? { node, lent: 0, owed: 0, more: 0, begun: false };
    this.loans.set(nameOf(node), loan);
    loan.lent++;
    loan.more++;
  }

  /** As many of the slots that it has and knows of, at most. @returns how many */
  callBack(node: Required<Node>, slots: number): number {
    const loan = this.loans.get(nameOf(node))!;
    const known = loan.lent - loan.owed - Math.max(0, loan.more);
    const called = Math.max(0, Math.min(slots, known));
    loan.owed += called;
    loan.more -= called;
    return called;
  }

  /** @returns how many slots that are; all of them where it is over */
  takeBack(node: Required<Node>, slots: number, over: boolean): number {
    const loan = this.loans.get(nameOf(node))!;
    const back = over ? loan.lent : Math.min(slots, loan.lent);
    loan.lent -= back;
    loan.owed = Math.max(0, loan.owed - back);
    if (over) this.loans.delete(nameOf(node));
    return back;
  }

  /** What is to be told since this was last asked. */
  takeTold(): readonly { readonly node: Required<Node>; readonly slots: number; readonly begins: boolean }[] {
    const told = this.running.flatMap(({ node, more, begun }) =>
      more === 0 ? [] : [{ node, slots: more, begins: !begun }],
    );
    for (const loan of this.loans.values()) {
      loan.more = 0;
      loan.begun = true;
    }
    return told;
  }

  /** What a shard begins with. */
  contents(
    shard: Required<Node>,
    dispatches: ReadonlyMap<string, number>,
    again: State['again'] = {},
  ): Shard {
    const nodes = this.instances(shard);
    const counts = (of: (name: string) => number | undefined) =>
      Object.fromEntries(
        nodes.flatMap((node, at) => {
          const count = of(nameOf(node));
          return count === undefined ? [] : [[at, count]];
        }),
      );
    const dispatched = counts((name) => dispatches.get(name));
    const asked = counts((name) => again[name]);
    return {
      letters: nodes.map((node) => this.letters.of(node)!).join(''),
      ...(Object.keys(dispatched).length > 0 && { dispatches: dispatched }),
      ...(Object.keys(asked).length > 0 && { again: asked }),
    };
  }

  snapshot(): Pick<State, 'shards'> {
    if (this.fans.size === 0) return {};
    const shards: { [u: string]: { [from: string]: Loan } } = {};
    for (const u of this.fans) shards[u] = {};
    for (const { node, lent, owed } of this.loans.values())
      shards[node.u]![node.k] = { lent, ...(owed > 0 && { owed }) };
    return { shards };
  }
}
