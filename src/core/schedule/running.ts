import { type Node, nameOf, nodeNamed } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import { Room, usesOf } from './capacity.js';
import type { State } from './state.js';

/** What runs, what it holds for as long as it does, and how often each node came back. */
export class Running {
  /** Taken from by what runs here, and by what is lent. */
  readonly room: Room;
  /** By name. */
  readonly dispatches: Map<string, number>;
  private readonly names: Set<string>;

  constructor(
    private readonly graph: UnitGraph,
    state: State,
  ) {
    this.room = new Room(graph, limitOf(graph, state));
    this.dispatches = new Map(Object.entries(state.dispatches));
    this.names = new Set(state.running);
    for (const name of this.names) this.room.take(usesOf(graph, nodeNamed(name)));
  }

  get empty(): boolean {
    return this.names.size === 0;
  }

  /** @returns its dispatch, counted from 1 */
  begin(node: Node): number {
    this.room.take(usesOf(this.graph, node));
    this.names.add(nameOf(node));
    return this.dispatchesOf(node) + 1;
  }

  end(node: Node): void {
    this.names.delete(nameOf(node));
    this.room.giveBack(usesOf(this.graph, node));
  }

  /** It is to be dispatched once more: whoever held it does so no more. */
  cameBack(node: Node): void {
    this.dispatches.set(nameOf(node), this.dispatchesOf(node) + 1);
  }

  setLimit(state: State): void {
    this.room.setLimit(limitOf(this.graph, state));
  }

  snapshot(): Pick<State, 'running' | 'dispatches'> {
    return { running: [...this.names], dispatches: Object.fromEntries(this.dispatches) };
  }

  private dispatchesOf(node: Node): number {
    return this.dispatches.get(nameOf(node)) ?? 0;
  }
}

/** How many at once: what the plan or somebody says, and of a run within a run what it is lent. */
const limitOf = (graph: UnitGraph, state: State): number =>
  Math.min(state.concurrency ?? graph.concurrency, state.lent ?? Number.POSITIVE_INFINITY);
