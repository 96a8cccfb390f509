import { type Node, nameOf } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import type { Letters } from './letters.js';
import { type Begun, isEnd, type Letter, type Loan, type Reported, type Shard, type State } from './state.js';

/** More often than a shard dispatches one instance. */
const BEYOND = 1_000;

/** What of an instance is believed. */
interface Heard {
  readonly node: Required<Node>;
  readonly letter: Letter;
}

/**
 * Fans cut into shards, each a row of instances that a workflow of its own carries out, known by the first of them: what
 * is in them, what one begins with, and what is believed of what it reports.
 */
export class Shards {
  private readonly fans: Set<number>;
  private readonly of: number;
  /** Shards that were recalled: they take up nothing more. */
  private readonly recalled = new Set<string>();
  /** Instances that wait again, and of which their shard, which runs, has not heard. */
  private readonly unheard = new Set<string>();
  private readonly again: NonNullable<State['again']>;

  constructor(
    private readonly graph: UnitGraph,
    { shards = {}, again = {} }: State,
    private readonly letters: Letters,
    /** By name; kept up to date here with what shards report. */
    private readonly dispatches: Map<string, number>,
  ) {
    this.of = graph.sharding?.of ?? 1;
    this.fans = new Set(Object.keys(shards).map(Number));
    this.again = again;
    for (const [u, loans] of Object.entries(shards))
      for (const [from, { unheard = [], recalled }] of Object.entries(loans)) {
        for (const k of unheard) this.unheard.add(`${u}.${k}`);
        if (recalled) this.recalled.add(`${u}.${from}`);
      }
  }

  /** All fans that are cut. */
  get cutFans(): ReadonlySet<number> {
    return this.fans;
  }

  /** It is cut where the run has become too wide for one history; people answer the run itself. */
  fanOpened(u: number): void {
    const { units, sharding } = this.graph;
    if (sharding && !units[u]!.gate && this.letters.size > sharding.above) this.fans.add(u);
  }

  isCut(u: number): boolean {
    return this.fans.has(u);
  }

  /** Whether it is an instance of a fan that is cut. */
  has(node: Node): node is Required<Node> {
    return node.k !== undefined && this.isCut(node.u);
  }

  /** The shard that an instance is in. */
  shardOf({ u, k = 0 }: Node): Required<Node> {
    return { u, k: k - (k % this.of) };
  }

  instances({ u, k }: Required<Node>): Required<Node>[] {
    const width = this.letters.fans.get(u)?.length ?? 0;
    return Array.from({ length: Math.min(this.of, width - k) }, (_, at) => ({ u, k: k + at }));
  }

  /** Its shard, where that runs, is not to take it up before it is told so. */
  setAside(node: Required<Node>): void {
    this.unheard.add(nameOf(node));
  }

  isAside(node: Node): boolean {
    return this.unheard.has(nameOf(node));
  }

  /** Its shard is told to take it up, if it may. @returns what it is told */
  handOver(node: Required<Node>): Begun | undefined {
    const name = nameOf(node);
    if (this.recalled.has(nameOf(this.shardOf(node))) || !this.unheard.delete(name)) return undefined;
    return { dispatches: this.dispatches.get(name) ?? 0, again: this.again[name] ?? 0 };
  }

  recall(shard: Required<Node>): void {
    this.recalled.add(nameOf(shard));
  }

  /** It is over: whoever comes next hears of everything. */
  close(shard: Required<Node>): void {
    this.recalled.delete(nameOf(shard));
    for (const node of this.instances(shard)) this.unheard.delete(nameOf(node));
  }

  /** How many of its instances it could take up or has still to end. */
  leftIn(shard: Required<Node>): number {
    if (this.recalled.has(nameOf(shard))) return 0;
    return this.instances(shard).filter((one) => !isEnd(this.letters.of(one)!) && !this.isAside(one)).length;
  }

  /** What a shard begins with. */
  contents(shard: Required<Node>): Shard {
    const nodes = this.instances(shard);
    const counts = (of: (name: string) => number | undefined) =>
      Object.fromEntries(
        nodes.flatMap((node, at) => {
          const count = of(nameOf(node));
          return count === undefined ? [] : [[at, count]];
        }),
      );
    const dispatches = counts((name) => this.dispatches.get(name));
    const again = counts((name) => this.again[name]);
    return {
      letters: nodes.map((node) => this.letters.of(node)!).join(''),
      ...(Object.keys(dispatches).length > 0 && { dispatches }),
      ...(Object.keys(again).length > 0 && { again }),
    };
  }

  /** How those of its instances stand that had not ended, but for what was on its way when somebody said `retry`. */
  hear(shard: Required<Node>, { letters, dispatches = {}, again = {} }: Reported): readonly Heard[] {
    return this.instances(shard).flatMap((node, at) => {
      const letter = letters[at] as Letter | '_' | undefined;
      const name = nameOf(node);
      const dispatched = dispatches[at] ?? 0;
      const known = this.dispatches.get(name) ?? 0;
      const isStale =
        (again[at] ?? 0) !== (this.again[name] ?? 0) || dispatched < known || this.isAside(node);
      if (letter === undefined || letter === '_' || isStale || isEnd(this.letters.of(node)!)) return [];
      if (dispatched > known) this.dispatches.set(name, dispatched);
      return [{ node, letter }];
    });
  }

  /** Of a shard that runs, what is beside its slots. */
  loanOf(shard: Required<Node>): Pick<Loan, 'unheard' | 'recalled'> {
    const unheard = this.instances(shard).flatMap((one) => (this.isAside(one) ? [one.k] : []));
    return {
      ...(unheard.length > 0 && { unheard }),
      ...(this.recalled.has(nameOf(shard)) && { recalled: true }),
    };
  }

  /** What of a shard is open waits again, for a holder above any that may still be at it. */
  takeOver(shard: Required<Node>): void {
    for (const node of this.instances(shard)) {
      if (isEnd(this.letters.of(node)!)) continue;
      this.letters.write(node, '.');
      this.dispatches.set(nameOf(node), (this.dispatches.get(nameOf(node)) ?? 0) + BEYOND);
    }
  }
}
