import { type Node, nameOf } from '../graph/node.js';
import type { Room, Uses } from './capacity.js';
import { insertSorted } from './sorted.js';
import type { State } from './state.js';

interface Waiting {
  readonly node: Node;
  readonly place: number;
}
interface Lane {
  readonly uses: Uses;
  readonly queue: Waiting[];
}

/** So often may what comes later take of what the first of a lane lacks; then it is kept for that one. */
export const MOST_BYPASSES = 100;

/**
 * What may start as soon as there is room, in dispatch order: by the unit's place, then by `k`.
 *  1. Nodes with the same uses wait in one lane: where the first of a lane does not fit, none of it does, and the other
 *     lanes go on (no head-of-line blocking). Contenders for a lock are therefore served in dispatch order.
 *  2. Whoever comes first is passed by at most {@link MOST_BYPASSES} times by later ones that take of what it lacks: from
 *     then on they leave it what it needs (no starvation).
 */
export class Ready {
  private readonly lanes = new Map<string, Lane>();
  /** Where each waits, by name. */
  private readonly waiting = new Map<string, Lane>();

  /** How often each was passed by, by name. */
  private readonly bypassed: Map<string, number>;

  constructor({ bypassed = {} }: Pick<State, 'bypassed'>) {
    this.bypassed = new Map(Object.entries(bypassed));
  }

  /** Nothing where it is there already. */
  add(node: Node, place: number, uses: Uses): void {
    if (this.waiting.has(nameOf(node))) return;
    const name = uses.join();
    const lane = this.lanes.get(name) ?? { uses, queue: [] };
    this.lanes.set(name, lane);
    this.waiting.set(nameOf(node), lane);
    insertSorted(lane.queue, { node, place }, before);
  }

  /** Takes out the first that fits. */
  next(room: Room): Node | undefined {
    const lanes = [...this.lanes.values()].filter(({ queue }) => queue.length > 0);
    const starved =
      this.bypassed.size === 0 ? [] : lanes.filter((lane) => this.bypasses(lane) >= MOST_BYPASSES);
    let first: Lane | undefined;
    for (const lane of lanes) {
      if (first !== undefined && !isAhead(lane, first)) continue;
      const kept = starved.flatMap((other) => (isAhead(other, lane) ? [other.uses] : []));
      if (room.fits(lane.uses, kept)) first = lane;
    }
    if (first === undefined) return undefined;
    for (const lane of lanes)
      if (isAhead(lane, first) && room.lacks(lane.uses, first.uses))
        this.bypassed.set(headOf(lane), this.bypasses(lane) + 1);
    this.bypassed.delete(headOf(first));
    this.waiting.delete(headOf(first));
    return first.queue.pop()!.node;
  }

  private bypasses(lane: Lane): number {
    return this.bypassed.get(headOf(lane)) ?? 0;
  }

  /** Those that come before `place`. */
  ahead(place: number): readonly Node[] {
    const queues = [...this.lanes.values()].map(({ queue }) => queue);
    return queues.flatMap((queue) => queue.filter((one) => one.place < place).map(({ node }) => node));
  }

  /** How many slots those could take that lack nothing else. @param of how many one could take */
  count(room: Room, of: (node: Node) => number): number {
    const lanes = [...this.lanes.values()].map(({ uses, queue }) =>
      Math.min(
        room.times(uses),
        queue.reduce((sum, { node }) => sum + of(node), 0),
      ),
    );
    return lanes.reduce((sum, slots) => sum + slots, 0);
  }

  /** Takes it out, wherever it stands. */
  remove(node: Node): void {
    const name = nameOf(node);
    const lane = this.waiting.get(name);
    if (!lane) return;
    this.waiting.delete(name);
    this.bypassed.delete(name);
    const at = lane.queue.findIndex((one) => nameOf(one.node) === name);
    lane.queue.splice(at, 1);
  }

  get empty(): boolean {
    return this.waiting.size === 0;
  }

  snapshot(): Pick<State, 'bypassed'> {
    return this.bypassed.size > 0 ? { bypassed: Object.fromEntries(this.bypassed) } : {};
  }
}

const headOf = ({ queue }: Lane): string => nameOf(queue.at(-1)!.node);
const isAhead = (a: Lane, b: Lane): boolean => before(a.queue.at(-1)!, b.queue.at(-1)!) < 0;
const before = (a: Waiting, b: Waiting) => a.place - b.place || (a.node.k ?? -1) - (b.node.k ?? -1);
