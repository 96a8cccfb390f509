/**
 * The slots that somebody is lent who dispatches in a history of its own.
 *  1. It uses at most `limit` slots and holds `held` of them: what was taken from it stays in use until what it runs there
 *     has ended.
 *  2. Slots that it has nothing to do for are given back, each once.
 */
export class SlotBook {
  /** What it holds, in use or not. */
  held: number;
  private back = 0;
  private wanted = false;

  constructor(private most: number) {
    this.held = most;
  }

  /** So many it may use now. */
  get limit(): number {
    return this.most;
  }

  /** Fewer than none: so many are wanted back. @returns how many it may use now */
  lend(slots: number): number {
    this.most = Math.max(0, this.most + slots);
    this.held += Math.max(0, slots);
    return this.most;
  }

  /**
   * After every change: what it can do without.
   * @param used slots in use
   * @param useful how many it has something to do for, those included
   * @returns how many slots it may use now, where that are fewer
   */
  settle(used: number, useful: number): number | undefined {
    const needed = Math.min(this.most, useful);
    const kept = Math.max(needed, used);
    if (this.held > kept) {
      this.wanted ||= this.held > this.most;
      this.back += this.held - kept;
      this.held = kept;
    }
    if (needed === this.most) return undefined;
    this.most = needed;
    return needed;
  }

  /** Whether it has slots to give back. */
  get hasBack(): boolean {
    return this.back > 0;
  }

  /** Slots that others wait for, or half of what it has; where all of it was called back nobody waits for single ones. */
  get isUrgent(): boolean {
    return this.most > 0 && ((this.wanted && this.back > 0) || this.back > this.held);
  }

  /** How many are given back since this was last asked. */
  giveBack(): number {
    const { back } = this;
    this.back = 0;
    this.wanted = false;
    return back;
  }
}
