import type { Room, Uses } from './capacity.js';
import { insertSorted } from './sorted.js';

/** A unit, or instance `k` of a fan; a fan without `k` is its expansion. */
export interface Node {
  readonly u: number;
  readonly k?: number;
}

export const nameOf = ({ u, k }: Node): string => (k === undefined ? `${u}` : `${u}.${k}`);

interface Waiting {
  readonly node: Node;
  readonly place: number;
}
interface Lane {
  readonly uses: Uses;
  readonly queue: Waiting[];
}

/**
 * What may start as soon as there is room, in dispatch order: by the unit's place, then by `k`.
 * Nodes with the same uses wait in one lane: where the first of a lane does not fit, none of it does, and the
 * other lanes go on (no head-of-line blocking). Contenders for a lock are therefore served in dispatch order.
 */
export class Ready {
  private readonly lanes = new Map<string, Lane>();
  private readonly names = new Set<string>();

  /** Nothing where it is there already. */
  add(node: Node, place: number, uses: Uses): void {
    if (this.names.has(nameOf(node))) return;
    this.names.add(nameOf(node));
    const name = uses.join();
    const lane = this.lanes.get(name) ?? { uses, queue: [] };
    this.lanes.set(name, lane);
    insertSorted(lane.queue, { node, place }, before);
  }

  /** Takes out the first that fits. */
  next(room: Room): Node | undefined {
    let first: Lane | undefined;
    for (const lane of this.lanes.values()) {
      const head = lane.queue.at(-1);
      if (head === undefined || !room.fits(lane.uses)) continue;
      if (first === undefined || before(head, first.queue.at(-1)!) < 0) first = lane;
    }
    const node = first?.queue.pop()?.node;
    if (node) this.names.delete(nameOf(node));
    return node;
  }

  /** Takes it out, wherever it stands. */
  remove(node: Node, uses: Uses): void {
    const name = nameOf(node);
    if (!this.names.delete(name)) return;
    const { queue } = this.lanes.get(uses.join())!;
    queue.splice(
      queue.findIndex((waiting) => nameOf(waiting.node) === name),
      1,
    );
  }

  get empty(): boolean {
    return this.names.size === 0;
  }
}

const before = (a: Waiting, b: Waiting) => a.place - b.place || (a.node.k ?? -1) - (b.node.k ?? -1);
