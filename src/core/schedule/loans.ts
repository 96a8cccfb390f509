import { type Node, nameOf } from '../graph/node.js';

/** Whoever is lent slots: a shard by its first instance, a run within the run by its brief. */
export interface Borrower {
  readonly node: Node;
  readonly lent: number;
  /** How many of them it is to give back, and has not. */
  readonly owed: number;
  /** Of a run within the run: how many it has a use for. */
  readonly wants: number;
}
interface Entry extends Borrower {
  lent: number;
  owed: number;
  wants: number;
  /** What of it is yet to be sent; fewer than none: so many are called back. */
  unsent: number;
  /** Whether it has heard of any. */
  known: boolean;
}

/** Slots lent, by borrower. Nothing here knows what they are slots for. */
export class Loans {
  private readonly entries = new Map<string, Entry>();

  /** It was lent slots before. */
  restore({ node, lent, owed, wants }: Borrower): void {
    this.entries.set(nameOf(node), { node, lent, owed, wants, unsent: 0, known: true });
  }

  get all(): readonly Borrower[] {
    return [...this.entries.values()];
  }

  has(node: Node): boolean {
    return this.entries.has(nameOf(node));
  }

  /** So many it may go on with; none where it is lent nothing. */
  keptBy(node: Node): number {
    const { lent, owed } = this.entries.get(nameOf(node)) ?? { lent: 0, owed: 0 };
    return lent - owed;
  }

  wantedBy(node: Node): number {
    return this.entries.get(nameOf(node))!.wants;
  }

  /** One slot more. */
  lend(node: Node): void {
    const entry = this.entryOf(node, false);
    entry.lent++;
    entry.unsent++;
  }

  /** It has a use for so many. */
  want(node: Node, slots: number): void {
    this.entryOf(node, true).wants = slots;
  }

  /** As many of the slots that it has heard of, at most. @returns how many */
  callBack(node: Node, slots: number): number {
    const entry = this.entries.get(nameOf(node))!;
    const called = Math.max(0, Math.min(slots, entry.lent - entry.owed - Math.max(0, entry.unsent)));
    entry.owed += called;
    entry.unsent -= called;
    return called;
  }

  /** It gives back so many. @returns how many of them it had been lent */
  takeBack(node: Node, slots: number): number {
    const entry = this.entries.get(nameOf(node))!;
    const back = Math.min(slots, entry.lent);
    entry.lent -= back;
    entry.owed = Math.max(0, entry.owed - back);
    return back;
  }

  /** It is over. @returns how many slots that brings back */
  close(node: Node): number {
    const { lent = 0 } = this.entries.get(nameOf(node)) ?? {};
    this.entries.delete(nameOf(node));
    return lent;
  }

  /** What is to be sent since this was last asked; `first`: to one that has heard of no slot yet. */
  takeUnsent(): readonly { readonly node: Node; readonly slots: number; readonly first: boolean }[] {
    const changed = [...this.entries.values()].filter(({ unsent }) => unsent !== 0);
    return changed.map((entry) => {
      const { node, unsent: slots, known } = entry;
      entry.unsent = 0;
      entry.known = true;
      return { node, slots, first: !known };
    });
  }

  private entryOf(node: Node, known: boolean): Entry {
    const entry = this.entries.get(nameOf(node)) ?? {
      ...{ node, lent: 0, owed: 0, wants: 0, unsent: 0, known },
    };
    this.entries.set(nameOf(node), entry);
    return entry;
  }
}
