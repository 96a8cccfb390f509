import type { Unit, UnitGraph } from '../graph/units.js';

/** What a node holds while it runs: [place in `capacities`, amount]. */
export type Uses = NonNullable<Unit['uses']>;

/** What is free: slots of `concurrency`, one per running node, and amounts by capacity. */
export class Room {
  slots: number;
  private readonly free: number[];

  constructor(graph: UnitGraph) {
    this.slots = graph.concurrency;
    this.free = graph.capacities.map(({ capacity }) => capacity);
  }

  fits(uses: Uses): boolean {
    return this.slots > 0 && uses.every(([c, amount]) => amount <= this.free[c]!);
  }

  take(uses: Uses): void {
    this.slots--;
    for (const [c, amount] of uses) this.free[c]! -= amount;
  }

  giveBack(uses: Uses): void {
    this.slots++;
    for (const [c, amount] of uses) this.free[c]! += amount;
  }
}
