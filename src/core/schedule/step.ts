import { MAX_UNITS, type UnitGraph } from '../graph/units.js';
import { Board } from './board.js';
import type { ClosingNote, Command, Event, State, StopReason } from './state.js';

/**
 * The dispatcher: a pure function, the same in the workflow, in a pack and in simulation. Events that come together are
 * all taken before anything starts: what one of them gives back is there for the first in dispatch order.
 * 1. A node starts once, after all its needs, and only while there is a slot and room in every capacity it uses.
 * 2. What can start does, in dispatch order; one that cannot never holds back one that can.
 * 3. How everything ends depends on how each node ended, not on the order, unless the run was stopped.
 * 4. An event about something that is not running changes nothing, and after `finish` or `continue` none does.
 * 5. A fan-out that would bring the run over {@link MAX_UNITS} briefs is refused.
 * 6. `finish` comes when nothing runs and nothing can start, whatever the reason; `continue` likewise, while draining.
 * @throws RangeError where the graph has a cycle.
 */
export function step(
  graph: UnitGraph,
  state: State,
  ...events: readonly Event[]
): { state: State; commands: Command[] } {
  if (state.closed) return { state, commands: [] };
  const board = boardOf(graph, state);
  const stopping = events.reduce<StopReason | undefined>(
    (so, event) => take(board, so, event),
    state.stopping,
  );
  const commands: Command[] = [];
  const recalled = board.takeRecalled();
  const stops = stopping !== state.stopping && stopping !== 'draining';
  if (stops && !board.idle) commands.push({ kind: 'recall' });
  else commands.push(...recalled.map((node): Command => ({ kind: 'recall', node })));
  if (stopping === undefined) commands.push(...starts(board));
  if (board.idle)
    commands.push({ kind: stopping === 'draining' && !board.nothingReady ? 'continue' : 'finish' });

  const next: State = {
    ...board.snapshot(state),
    ...(stopping === undefined ? {} : { stopping }),
    ...(board.idle ? { closed: true } : {}),
  };
  boards.set(next, board);
  return { state: next, commands };
}

/** The state that the next execution of the same run begins with. */
export function resumed({ stopping: _, closed: __, ...state }: State): State {
  return state;
}

/** What the integrator has to know about those that no unit wrote a row for. */
export function closingNote({ stopping, units, fans }: State): ClosingNote {
  return { reason: stopping === undefined || stopping === 'draining' ? 'completed' : stopping, units, fans };
}

function take(board: Board, stopping: StopReason | undefined, event: Event): StopReason | undefined {
  const stop = (reason: StopReason) =>
    stopping === undefined || stopping === 'draining' ? reason : stopping;
  switch (event.kind) {
    case 'begin':
      return stopping;
    case 'expanded':
      // Refused whole, before anything of it starts: never cut silently.
      if (board.size - 1 + event.count > MAX_UNITS) board.end({ u: event.u }, 'refused');
      else board.open(event.u, event.count);
      return stopping;
    case 'ended': {
      const { u, k, status } = event;
      const changed = board.end(k === undefined ? { u } : { u, k }, status);
      return changed && status === 'failed' && board.graph.onFailure === 'stop' ? stop('failed') : stopping;
    }
    case 'due':
      board.due(event.ms);
      return stopping;
    case 'cancel':
      return stop('cancelled');
    case 'deadline':
      return stop('deadline');
    case 'drain':
      return stopping ?? 'draining';
  }
}

function* starts(board: Board): Generator<Command> {
  for (let next = board.startNext(); next !== undefined; next = board.startNext()) {
    const expands = next.k === undefined && board.graph.units[next.u]!.kind === 'fan';
    yield { kind: expands ? 'expand' : 'start', ...next };
  }
}

/**
 * The board that led to a state goes on with it, so that an event costs what it touches and not a look at the whole
 * graph. It is a memo: for a state that came from elsewhere, or is asked about twice, it is rebuilt.
 */
const boards = new WeakMap<State, Board>();
function boardOf(graph: UnitGraph, state: State): Board {
  const board = boards.get(state);
  boards.delete(state);
  return board?.graph === graph ? board : new Board(graph, state);
}
