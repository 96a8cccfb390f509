import { bare, type Node } from '../graph/node.js';
import { setOf, type UnitGraph } from '../graph/units.js';
import type { Status } from '../outcome/outcome.js';
import { tallyOf } from './joins.js';
import { judge, type Verdict } from './rules.js';
import { endOf, type Letter, type State } from './state.js';

/** The letters of a {@link State}, to be written on. */
export class Letters {
  readonly units: Letter[];
  /** Of the instances of each open fan. */
  readonly fans: Map<number, Letter[]>;
  /** Of fans some of whose instances were refused: how many were not. */
  private readonly taken: Map<number, number>;
  /** Fans whose letters changed since the last snapshot. */
  private readonly touched = new Set<number>();

  constructor(state: Pick<State, 'units' | 'fans' | 'taken'>) {
    this.units = [...state.units] as Letter[];
    this.fans = new Map(
      Object.entries(state.fans).map(([u, letters]) => [Number(u), [...letters] as Letter[]]),
    );
    this.taken = new Map(Object.entries(state.taken ?? {}).map(([u, count]) => [Number(u), count]));
  }

  /** Undefined where there is nothing of the kind. */
  of({ u, k }: Node): Letter | undefined {
    return k === undefined ? this.units[u] : this.fans.get(u)?.[k];
  }

  write({ u, k }: Node, letter: Letter): void {
    if (k === undefined) this.units[u] = letter;
    else {
      this.fans.get(u)![k] = letter;
      this.touched.add(u);
    }
  }

  /** What instance `k` of fan `u` makes of those it is paired with. */
  pairVerdict(graph: UnitGraph, u: number, k: number): Verdict {
    const { each = [], eachRule = 'all_success' } = setOf(graph, u);
    // A source without an instance k has nothing to give it; no instance is `done`.
    const ends = each.map((source) => endOf(this.of({ u: source, k }) ?? 'k') as Status | undefined);
    return judge(eachRule, tallyOf(ends));
  }

  /** @param taken so many of the instances may begin */
  open(u: number, width: number, taken: number): void {
    if (taken < width) this.taken.set(u, taken);
    this.units[u] = '*';
    this.fans.set(u, new Array<Letter>(width).fill('.'));
    this.touched.add(u);
  }

  /** Briefs and instances known by now, but for those that were refused for want of room. */
  get size(): number {
    const instances = [...this.fans].reduce(
      (sum, [u, { length }]) => sum + (this.taken.get(u) ?? length) - 1,
      0,
    );
    return this.units.length + instances;
  }

  /**
   * How many of the `count` instances of a fan may begin, where said the `first` of them alone; undefined: it is refused
   * whole. A run comes to `most` at most, and so does what is refused of it by name.
   */
  admitted(count: number, first: number | undefined, most: number): number | undefined {
    const room = Math.max(0, most - (this.size - 1));
    const taken = first === undefined ? count : Math.min(first, count, room);
    return taken > room || this.refused + count - taken > most ? undefined : taken;
  }

  private get refused(): number {
    return [...this.taken].reduce((sum, [u, count]) => sum + this.fans.get(u)!.length - count, 0);
  }

  /** Of an open fan its instances, else the node itself. */
  within(node: Node): readonly Node[] {
    const { u, k } = node;
    const instances = k === undefined ? this.fans.get(u) : undefined;
    return instances ? [...instances.keys()].map((at) => ({ u, k: at })) : [bare(node)];
  }

  /** As plain JSON; what did not change is shared with `previous`. */
  snapshot(previous: Pick<State, 'fans'>): Pick<State, 'units' | 'fans' | 'taken'> {
    const fans = { ...previous.fans };
    for (const u of this.touched) fans[u] = this.fans.get(u)!.join('');
    this.touched.clear();
    const taken = this.taken.size > 0 && { taken: Object.fromEntries(this.taken) };
    return { units: this.units.join(''), fans, ...taken };
  }
}
