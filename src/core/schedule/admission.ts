import { type Node, nameOf } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import { Barrier } from './barrier.js';
import { usesOf } from './capacity.js';
import type { Lending } from './lending.js';
import type { Letters } from './letters.js';
import type { Ready } from './ready.js';
import type { Shards } from './shards.js';
import { isEnd } from './state.js';
import type { Terrain } from './terrain.js';

/**
 * Lets what waits for nothing but room into {@link Ready}:
 *  1. a node in its wave's turn;
 *  2. for the instances of a shard their shard, once none of them waits for anything any more;
 *  3. whoever dispatches in a history of its own, for as long as it has a use for more slots.
 */
export class Admission {
  private readonly barrier: Barrier;
  /** Shards of which something has changed, by name. */
  private readonly touched = new Map<string, Required<Node>>();

  constructor(
    private readonly graph: UnitGraph,
    private readonly terrain: Terrain,
    private readonly letters: Letters,
    private readonly shards: Shards,
    private readonly lending: Lending,
    private readonly ready: Ready,
  ) {
    this.barrier = new Barrier(terrain, graph.waves === 'rolling');
    for (const [u, letter] of letters.units.entries()) if (isEnd(letter)) this.barrier.unitEnded(u);
    this.barrier.release();
  }

  /** It waits for nothing else; a shard that runs is told so of its instance. */
  admit(node: Node): void {
    if (this.letters.of(node) !== '.') return;
    if (!this.shards.has(node)) this.add(node);
    else if (this.lending.runs(node)) this.lending.handOver(node);
  }

  /** How it stands has changed, and its shard is to be looked at. */
  touch(node: Node): void {
    if (!this.shards.has(node)) return;
    const shard = this.shards.shardOf(node);
    this.touched.set(nameOf(shard), shard);
  }

  unitEnded(u: number): void {
    this.barrier.unitEnded(u);
  }

  /** After all that was touched and has ended. */
  settle(): void {
    for (const shard of this.touched.values()) this.review(shard);
    this.touched.clear();
    for (const node of this.barrier.release())
      if (this.shards.has(node)) this.review(node);
      else this.admit(node);
  }

  /** Whoever dispatches in a history of its own, or is about to, could do with more slots, or with none. */
  review(borrower: Node): void {
    if (this.shards.has(borrower)) this.reviewShard(this.shards.shardOf(borrower));
    else if (this.lending.slotsFor(borrower) > 0)
      this.ready.add(borrower, this.terrain.place[borrower.u]!, []);
    else this.ready.remove(borrower);
  }

  private reviewShard(shard: Required<Node>): void {
    const { u } = shard;
    const waits = (one: Required<Node>) =>
      this.letters.of(one) === '.' && this.letters.pairVerdict(this.graph, u, one.k) === 'waits';
    const mayBegin = () => !this.shards.instances(shard).some(waits);
    if (this.lending.slotsFor(shard) > 0 && (this.lending.runs(shard) || mayBegin())) this.add(shard);
    else this.ready.remove(shard);
  }

  private add(node: Node): void {
    if (this.barrier.admits(node))
      this.ready.add(node, this.terrain.place[node.u]!, usesOf(this.graph, node));
  }
}
