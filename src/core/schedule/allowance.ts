/**
 * How many briefs a run, with all runs within it, may come to: each takes what it needs of what its parent has left, the
 * first of what there is. Together they never come to more.
 */
export class Allowance {
  /** @param ask the parent for so many; absent: there is none to ask */
  constructor(
    private left: number,
    /** All that it ever had. */
    private had: number,
    private readonly ask?: (count: number) => Promise<boolean>,
  ) {}

  /** So many more, or none of them. */
  async take(count: number): Promise<boolean> {
    // While it is asked for more, others take of what there is.
    while (count > this.left) if (!(await this.getMore(count - this.left))) return false;
    this.left -= count;
    return true;
  }

  /** What a run that is over had no use for. */
  giveBack(count: number): void {
    this.left += count;
  }

  get state(): { readonly left: number; readonly had: number } {
    return { left: this.left, had: this.had };
  }

  /** As many again as it had, where they are to be had: so that it asks seldom, however many it takes. */
  private async getMore(lack: number): Promise<boolean> {
    for (const count of new Set([Math.max(lack, this.had), lack])) {
      if (!(await this.ask?.(count))) continue;
      this.left += count;
      this.had += count;
      return true;
    }
    return false;
  }
}
