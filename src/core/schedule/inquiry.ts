import { type Node, nameOf, nodeNamed } from '../graph/node.js';
import type { Reported, State } from './state.js';

/**
 * Time is up for somebody who waits for a fan, and shards of it run: they are asked how they stand, and it is judged once
 * each has answered, or is over.
 */
export class Inquiry {
  /** So long after the run began, ms. */
  private ms: number;
  private readonly asked: Set<string>;

  constructor({ inquired }: Pick<State, 'inquired'>) {
    this.ms = inquired?.ms ?? 0;
    this.asked = new Set(inquired?.shards);
  }

  /** What they answered to an earlier time is not enough any more. */
  open(ms: number, shards: readonly Node[]): void {
    this.ms = Math.max(this.ms, ms);
    for (const shard of shards) this.asked.add(nameOf(shard));
  }

  /** The time to judge by, where that was an answer. */
  take(shard: Node, { asOf = -1, over }: Reported): number | undefined {
    if (!over && asOf < this.ms) return undefined;
    return this.asked.delete(nameOf(shard)) ? this.ms : undefined;
  }

  /** Whether a shard of fan `u` has still to answer. */
  concerns(u: number): boolean {
    return [...this.asked].some((name) => nodeNamed(name).u === u);
  }

  snapshot(): Pick<State, 'inquired'> {
    return this.asked.size > 0 ? { inquired: { ms: this.ms, shards: [...this.asked] } } : {};
  }
}
