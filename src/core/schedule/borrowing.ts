import { SlotBook } from './slotBook.js';
import type { Wants } from './state.js';

/** What a run has a use for: slots in use, its own and those it has lent, and how many more it has something to do for. */
export interface Demand {
  readonly used: number;
  readonly wanted: number;
}

/**
 * What a run within a run keeps of the slots it is lent: one that it holds for as long as it lasts, and as many as it has a
 * use for and its parent can spare.
 */
export class Borrowing {
  private readonly slots: SlotBook;
  private wants = 0;
  private reported = 0;

  /** @param slots it begins with; at least one */
  constructor(slots: number) {
    this.slots = new SlotBook(slots);
    this.reported = slots - 1;
    this.wants = slots - 1;
  }

  get held(): number {
    return this.slots.held;
  }

  /** @returns how many it may use now */
  lend(slots: number): number {
    return this.slots.lend(slots);
  }

  /** After every change. @returns how many slots it may use now, where that are fewer */
  settle({ used, wanted }: Demand): number | undefined {
    this.wants = Math.max(0, used + wanted - 1);
    return this.slots.settle(used, Math.max(1, used + wanted));
  }

  get hasNews(): boolean {
    return this.slots.hasBack || this.wants !== this.reported;
  }

  get hasBack(): boolean {
    return this.slots.hasBack;
  }

  get isUrgent(): boolean {
    return this.slots.isUrgent;
  }

  /** What its parent is to be told: how many it has a use for beyond the one it holds, and how many it gives back. */
  report(): Wants {
    this.reported = this.wants;
    return { wants: this.wants, back: this.slots.giveBack() };
  }
}
