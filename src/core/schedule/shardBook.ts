import type { UnitGraph } from '../graph/units.js';
import { type Counts, initialState, type Reported, type Shard, type State } from './state.js';

/**
 * What a shard keeps beside its dispatcher: the slots it is lent, and what it has told of.
 *  1. It uses at most `limit` slots and holds `held` of them: what was taken from it stays in use until what it runs there
 *     has ended.
 *  2. Slots that none of its instances waits for are given back, each once.
 *  3. Of instances that were none of its own to begin with it tells nothing.
 */
export class ShardBook {
  private held: number;
  private back = 0;
  private wanted = false;
  private told: string;
  private readonly own: Set<number>;

  constructor(
    letters: string,
    private limit: number,
  ) {
    this.held = limit;
    this.told = letters;
    this.own = new Set([...letters].flatMap((letter, at) => (letter === '.' ? [at] : [])));
  }

  /** Fewer than none: so many are wanted back. @returns how many it may use now */
  lend(slots: number): number {
    this.limit = Math.max(0, this.limit + slots);
    this.held += Math.max(0, slots);
    return this.limit;
  }

  /** Somebody asked for this one once more: whatever it was, it is its own now. */
  adopt(at: number): void {
    this.own.add(at);
  }

  /** After every change: what it can do without. @returns how many slots it may use now, where that are fewer */
  settle(state: State): number | undefined {
    const running = state.running.length;
    const needed = lettersOf(state).includes('.') ? this.limit : Math.min(this.limit, running);
    const kept = Math.max(needed, running);
    if (this.held > kept) {
      this.wanted ||= this.held > this.limit;
      this.back += this.held - kept;
      this.held = kept;
    }
    if (needed === this.limit) return undefined;
    this.limit = needed;
    return needed;
  }

  hasNews(state: State): boolean {
    return this.back > 0 || lettersOf(state) !== this.told;
  }

  /** Slots that others wait for, or half of what it has; where all of it was called back nobody waits for single ones. */
  get isUrgent(): boolean {
    return this.limit > 0 && ((this.wanted && this.back > 0) || this.back > this.held);
  }

  /** Whether it has slots to give back. */
  get hasSpare(): boolean {
    return this.back > 0;
  }

  report(state: State): Reported {
    const { back } = this;
    const { dispatches, again } = state;
    this.back = 0;
    this.wanted = false;
    this.told = lettersOf(state);
    return {
      letters: [...this.told].map((letter, at) => (this.own.has(at) ? letter : '_')).join(''),
      back,
      ...(Object.keys(dispatches).length > 0 && { dispatches: byPlace(dispatches) }),
      ...(again && { again: byPlace(again) }),
    };
  }
}

const lettersOf = ({ fans }: State): string => fans[0]!;

/** The fan alone, open, with its needs met; what its instances use comes with their slots. */
export function graphOf(unit: UnitGraph['units'][number], slots: number): UnitGraph {
  const { needs: _, uses: __, ...bare } = unit;
  return {
    v: 1,
    units: [bare],
    sets: [],
    capacities: [],
    concurrency: slots,
    waves: 'rolling',
    onFailure: 'continue',
  };
}

/** What its dispatcher begins with. */
export const stateOf = (graph: UnitGraph, { letters, dispatches = {}, again }: Shard): State => ({
  ...initialState(graph),
  units: '*',
  fans: { 0: letters },
  dispatches: byName(dispatches),
  ...(again && { again: byName(again) }),
});

/** Of instances of its only unit: `0.k` by `k`. */
const byPlace = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).map(([name, count]) => [name.slice(2), count]));
const byName = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).map(([at, count]) => [`0.${at}`, count]));
