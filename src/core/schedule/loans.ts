import { type Node, nameOf, nodeNamed } from '../graph/node.js';
import type { Loan, State } from './state.js';

interface Lent {
  readonly node: Node;
  /** Not told yet. */
  more: number;
  lent: number;
  owed: number;
  wants: number;
}

/**
 * Slots lent to runs within the run, beyond the one that each holds as a brief.
 *  1. What is lent is taken from the run's own: what is lent and what is held never exceed a limit (E5).
 *  2. Whoever runs says how many it has a use for, in all; it is lent no more, and gives back what it has none for.
 */
export class Loans {
  private readonly loans = new Map<string, Lent>();

  constructor({ loans = {} }: State) {
    for (const [name, { lent, owed = 0, wants = 0 }] of Object.entries(loans))
      this.loans.set(name, { node: nodeNamed(name), lent, owed, wants, more: 0 });
  }

  get running(): readonly Readonly<Lent>[] {
    return [...this.loans.values()];
  }

  has(node: Node): boolean {
    return this.loans.has(nameOf(node));
  }

  /** It has a use for so many in all. @returns how many of what it says it gives back it had been lent */
  told(node: Node, wants: number, back: number): number {
    const loan = this.loans.get(nameOf(node)) ?? { node, lent: 0, owed: 0, wants: 0, more: 0 };
    this.loans.set(nameOf(node), loan);
    const taken = Math.min(back, loan.lent);
    loan.wants = wants;
    loan.lent -= taken;
    loan.owed = Math.max(0, loan.owed - taken);
    return taken;
  }

  /** How many more it has a use for. */
  wanted(node: Node): number {
    const { lent, owed, wants } = this.loans.get(nameOf(node))!;
    return Math.max(0, wants - (lent - owed));
  }

  /** One slot more. */
  lend(node: Node): void {
    const loan = this.loans.get(nameOf(node))!;
    loan.lent++;
    loan.more++;
  }

  /** As many as it has, at most. @returns how many */
  callBack(node: Node, slots: number): number {
    const loan = this.loans.get(nameOf(node))!;
    const called = Math.max(0, Math.min(slots, loan.lent - loan.owed));
    loan.owed += called;
    loan.more -= called;
    return called;
  }

  /** It has ended. @returns how many that brings back */
  close(node: Node): number {
    const lent = this.loans.get(nameOf(node))?.lent ?? 0;
    this.loans.delete(nameOf(node));
    return lent;
  }

  /** What is to be told since this was last asked. */
  takeTold(): readonly (Node & { readonly slots: number })[] {
    const told = this.running.flatMap(({ node, more }) => (more === 0 ? [] : [{ ...node, slots: more }]));
    for (const loan of this.loans.values()) loan.more = 0;
    return told;
  }

  snapshot(): Pick<State, 'loans'> {
    if (this.loans.size === 0) return {};
    const loans = [...this.loans].map(([name, { lent, owed, wants }]): [string, Loan] => [
      name,
      { lent, ...(owed > 0 && { owed }), ...(wants > 0 && { wants }) },
    ]);
    return { loans: Object.fromEntries(loans) };
  }
}
