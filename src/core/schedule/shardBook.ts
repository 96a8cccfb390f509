import type { UnitGraph } from '../graph/units.js';
import { SlotBook } from './slotBook.js';
import { type Counts, initialState, type Reported, type Shard, type State } from './state.js';

/**
 * What a shard keeps beside its dispatcher: the slots it is lent, and what it has reported.
 *  1. Slots that none of its instances waits for are given back.
 *  2. Of instances that were none of its own to begin with it reports nothing.
 */
export class ShardBook {
  private readonly slots: SlotBook;
  private reported: string;
  private readonly own: Set<number>;
  /** What it was asked and has not answered: see {@link Reported.asOf}. */
  private asOf?: number;

  constructor(letters: string, slots: number) {
    this.slots = new SlotBook(slots);
    this.reported = letters;
    this.own = new Set([...letters].flatMap((letter, at) => (letter === '.' ? [at] : [])));
  }

  /** Fewer than none: so many are wanted back. @returns how many it may use now */
  lend(slots: number): number {
    return this.slots.lend(slots);
  }

  /** Somebody asked for this one once more: whatever it was, it is its own now. */
  adopt(at: number): void {
    this.own.add(at);
  }

  /** After every change: what it can do without. @returns how many slots it may use now, where that are fewer */
  settle(state: State): number | undefined {
    const lent = Object.values(state.loans ?? {}).reduce((sum, loan) => sum + loan.lent, 0);
    const running = state.running.length + lent;
    return this.slots.settle(running, lettersOf(state).includes('.') ? this.slots.limit : running);
  }

  /** How do things stand, so long after the run began, ms? */
  inquire(ms: number): void {
    this.asOf = ms;
  }

  hasNews(state: State): boolean {
    return this.asOf !== undefined || this.slots.hasBack || lettersOf(state) !== this.reported;
  }

  get isUrgent(): boolean {
    return this.asOf !== undefined || this.slots.isUrgent;
  }

  get hasBack(): boolean {
    return this.slots.hasBack;
  }

  /** Whether it may begin something. */
  get hasSlots(): boolean {
    return this.slots.limit > 0;
  }

  report(state: State): Reported {
    const { dispatches, again } = state;
    const { asOf } = this;
    this.asOf = undefined;
    this.reported = lettersOf(state);
    return {
      letters: [...this.reported].map((letter, at) => (this.own.has(at) ? letter : '_')).join(''),
      back: this.slots.giveBack(),
      ...(Object.keys(dispatches).length > 0 && { dispatches: byPlace(dispatches) }),
      ...(again && { again: byPlace(again) }),
      ...(asOf !== undefined && { asOf }),
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
