import type { UnitGraph } from '../../../../src/core/graph/units.js';
import { EMPTY, foldSegment, type UnitState } from '../../../../src/core/outcome/fold.js';
import type { Status } from '../../../../src/core/outcome/outcome.js';
import type { Row } from '../../../../src/core/outcome/rows.js';
import type { Command, Event, State } from '../../../../src/core/schedule/state.js';
import type { Dispatcher } from '../../schedule/support/chaos.js';
import { type Node, nameOf } from '../../schedule/support/oracle.js';

type Stop = 'failed' | 'cancelled' | 'deadline';

/**
 * Stands between the world and a dispatcher, and keeps what units would have left in their logs, and what was said and done. What
 * it knows of the dispatcher are its commands.
 */
export class Witness implements Dispatcher {
  /** Logs, by `u` or `u.k`; of some that failed or were recalled nothing was written. */
  readonly logs = new Map<string, UnitState>();
  /** How each ended that was started, at last. */
  readonly reported = new Map<string, Status>();
  readonly started = new Set<string>();
  /** Named by somebody to be left out: `u` or `u.k`. */
  readonly skipped = new Set<string>();
  /** Why nothing more was to start. */
  stop: Stop | undefined;
  /** So long had the run gone on, ms. */
  due = 0;
  private last: State | undefined;
  private dispatches = 0;
  private readonly running = new Set<string>();
  private readonly recalled = new Set<string>();

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly ids: readonly string[],
    private readonly draw: (n: number) => number,
  ) {}

  get state(): State {
    return this.last!;
  }
  /** Keys of the fans that the dispatcher heard of. */
  readonly opened = new Map<number, readonly string[]>();
  /** Keys of the fans that were worked out, as their logs have them. */
  get expansions(): ReadonlyMap<number, readonly string[]> {
    const opened = [...this.logs].flatMap(([name, { expansion }]) =>
      expansion ? [[Number(name), expansion.keys] as const] : [],
    );
    return new Map(opened);
  }

  readonly resumed = (state: State): State => this.dispatcher.resumed(state);
  readonly step = (graph: UnitGraph, state: State, ...events: readonly Event[]) => {
    const next = this.dispatcher.step(graph, state, ...events);
    this.last = next.state;
    if (!state.closed) {
      for (const event of events) this.hear(graph, event);
      for (const command of next.commands) this.see(command);
    }
    return next;
  };

  private hear(graph: UnitGraph, event: Event): void {
    switch (event.kind) {
      case 'ended':
        if (this.running.delete(nameOf(event))) this.end(graph, event, event.status);
        return;
      case 'expanded':
        if (!this.running.delete(`${event.u}`)) return;
        this.expand(event.u, event.count);
        this.opened.set(event.u, this.logs.get(`${event.u}`)!.expansion!.keys);
        return;
      case 'skip':
        this.skipped.add(nameOf({ k: undefined, ...event }));
        return;
      case 'due':
        this.due = Math.max(this.due, event.ms);
        return;
      case 'cancel':
        this.stop ??= 'cancelled';
        return;
      case 'deadline':
        this.stop ??= 'deadline';
        return;
      default:
        return;
    }
  }

  private see(command: Command): void {
    if (command.kind === 'recall')
      for (const name of command.node ? [nameOf({ k: undefined, ...command.node })] : this.running)
        this.recalled.add(name);
    if (command.kind !== 'start' && command.kind !== 'expand') return;
    const name = nameOf({ k: undefined, ...command });
    this.running.add(name);
    this.started.add(name);
    if (!command.again) return;
    this.reported.delete(name);
    this.write(name, { row: 'again', time: command.again });
  }

  private end(graph: UnitGraph, node: Node, status: Status): void {
    if (status === 'not-reached') return;
    const name = nameOf(node);
    this.reported.set(name, status);
    if (status === 'failed' && graph.onFailure === 'stop') this.stop ??= 'failed';
    const isFan = graph.units[node.u]!.kind === 'fan' && node.k === undefined;
    // Recalled before it began, or given up by the service: nobody wrote anything.
    const recalled = status === 'cancelled' && this.recalled.delete(name);
    if ((status === 'failed' || recalled) && this.draw(4) === 0) {
      // It had been worked out, and was recalled before that was told.
      if (isFan && recalled) this.expand(node.u, this.draw(3));
      return;
    }
    const key = node.k === undefined ? {} : { key: `k${node.k}` };
    const reason =
      status === 'cancelled'
        ? { type: 'Cancelled' as const, message: 'It was cancelled while it ran.' }
        : { type: 'CommandFailed' as const, message: `It came to nothing: ${status}.` };
    const fine = ['succeeded', 'repaired', 'not-needed'].includes(status);
    this.write(name, {
      ...{ row: 'outcome', brief: this.ids[node.u]!, ...key, status },
      try: status === 'not-needed' ? 0 : (this.logs.get(name)?.tries ?? 0) + 1,
      verdict: fine ? 'succeeded' : status === 'cancelled' ? 'cancelled' : 'failed',
      ...(!fine && { reason }),
      ...{ started: 1, ended: 2 },
    });
  }

  private expand(u: number, count: number): void {
    this.write(`${u}`, {
      row: 'expansion',
      keys: Array.from({ length: count }, (_, k) => `k${k}`),
      items: [],
    });
  }

  private write(name: string, row: Row): void {
    const holder = { dispatch: ++this.dispatches, attempt: 1 };
    this.logs.set(name, foldSegment(this.logs.get(name) ?? EMPTY, { v: 1, holder, rows: [row] } as never));
  }
}
