import { type Node, nameOf } from '../graph/node.js';
import type { State } from './state.js';

/** What somebody skipped: single nodes, and fans as a whole but for instances that were asked for after that. */
export class ByHand {
  private readonly skipped: Set<string>;
  private readonly wanted: Set<string>;

  constructor({ byHand, wanted }: Pick<State, 'byHand' | 'wanted'>) {
    this.skipped = new Set(byHand);
    this.wanted = new Set(wanted);
  }

  has(node: Node): boolean {
    const name = nameOf(node);
    if (this.skipped.has(name)) return true;
    return node.k !== undefined && this.skipped.has(`${node.u}`) && !this.wanted.has(name);
  }

  skip(node: Node): void {
    this.wanted.delete(nameOf(node));
    if (!this.has(node)) this.skipped.add(nameOf(node));
    if (node.k === undefined)
      for (const name of this.wanted) if (isOf(node.u, name)) this.wanted.delete(name);
  }

  /** Somebody wants it after all. */
  want(node: Node): void {
    this.skipped.delete(nameOf(node));
    if (this.has(node)) this.wanted.add(nameOf(node));
  }

  snapshot(): Pick<State, 'byHand' | 'wanted'> {
    return {
      ...(this.skipped.size > 0 && { byHand: [...this.skipped] }),
      ...(this.wanted.size > 0 && { wanted: [...this.wanted] }),
    };
  }
}

const isOf = (u: number, name: string): boolean => name.startsWith(`${u}.`);
