import type { Node } from '../graph/node.js';
import type { Unit, UnitGraph } from '../graph/units.js';

/** What a node holds while it runs: [place in `capacities`, amount]. */
export type Uses = NonNullable<Unit['uses']>;

/** What a gate takes to ask, and to take up the answer: a moment's work, which waits for no slot. No capacity has this place. */
export const ASKING: Uses = [[-1, 1]];
/** Gates that do so at once, beyond `concurrency`. */
export const MOST_ASKING = 10;

/** An expansion holds a slot and nothing else, a gate not even that. */
export function usesOf({ units }: UnitGraph, { u, k }: Node): Uses {
  const { kind, gate, uses = [] } = units[u]!;
  if (kind === 'fan' && k === undefined) return [];
  return gate ? ASKING : uses;
}

/** What is free: slots of `concurrency`, one per running node that is no gate, and amounts by capacity. */
export class Room {
  slots: number;
  private asking = MOST_ASKING;
  private readonly free: number[];

  constructor(
    graph: UnitGraph,
    private limit: number,
  ) {
    this.slots = limit;
    this.free = graph.capacities.map(({ capacity }) => capacity);
  }

  /** What is taken already stays taken: there may be fewer than no slots for a while. */
  setLimit(limit: number): void {
    this.slots += limit - this.limit;
    this.limit = limit;
  }

  /** @param kept for others, which must still fit then */
  fits(uses: Uses, kept: readonly Uses[] = []): boolean {
    if (uses === ASKING) return this.asking > 0;
    return this.slots > 0 && uses.every(([c, amount]) => amount <= this.free[c]! - amountOf(kept.flat(), c));
  }

  /** Slots in use. */
  get used(): number {
    return this.limit - this.slots;
  }

  /** How many slots could be taken with `uses`, were there enough of them. */
  times(uses: Uses): number {
    if (uses === ASKING) return 0;
    const each = uses.map(([c, amount]) => Math.floor(Math.max(0, this.free[c]!) / amount));
    return Math.min(Number.POSITIVE_INFINITY, ...each);
  }

  /** Whether `uses` wants more than is free of something that `taker` uses. */
  lacks(uses: Uses, taker: Uses): boolean {
    return uses.some(([c, amount]) => amount > this.free[c]! && taker.some(([other]) => other === c));
  }

  /** How many slots, each with all of `given`, it takes until `uses` would fit; 0 where they cannot help, or need not. */
  sharesFor(uses: Uses, given: Uses): number {
    if (uses === ASKING) return 0;
    const lacking = uses.filter(([c, amount]) => amount > this.free[c]!);
    const shares = lacking.map(([c, amount]) => Math.ceil((amount - this.free[c]!) / amountOf(given, c)));
    const most = Math.max(this.slots > 0 ? 0 : 1, ...shares);
    return Number.isFinite(most) ? most : 0;
  }

  take(uses: Uses, times = 1): void {
    if (uses === ASKING) this.asking -= times;
    else this.slots -= times;
    for (const [c, amount] of uses === ASKING ? [] : uses) this.free[c]! -= times * amount;
  }

  giveBack(uses: Uses, times = 1): void {
    this.take(uses, -times);
  }
}

/** Of capacity `c`. */
export const amountOf = (uses: Uses, c: number): number =>
  uses.reduce((sum, [of, amount]) => (of === c ? sum + amount : sum), 0);
