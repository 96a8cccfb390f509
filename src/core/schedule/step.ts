import { bare, type Node } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import { Board } from './board.js';
import type { Demand } from './borrowing.js';
import { reopen } from './reopen.js';
import type { Begun, Command, Event, State, StopReason } from './state.js';

/**
 * The dispatcher: a pure function, the same in the workflow, in a pack and in simulation. Events that come together are
 * all taken before anything starts: what one of them gives back is there for the first in dispatch order.
 * 1. A node starts once, after all its needs, and only while there is a slot and room in every capacity it uses.
 * 2. What can start does, in dispatch order; one that cannot never holds back one that can.
 * 3. How everything ends depends on how each node ended, not on the order, unless the run was stopped.
 * 4. An event about something that is not running changes nothing, and after `finish` or `continue` none does.
 * 5. A fan-out too wide for one history is cut into shards; one that would bring the run over its most is refused:
 *    whole before anything of it starts, or each that is too many by its name; never cut silently.
 * 6. `finish` comes when nothing runs, nothing can start and nobody is asked; in a run that stops, when nothing runs.
 *    `continue` comes when nothing runs, while draining.
 * 7. What waits for a person holds nothing, and only the answer to exactly what is asked moves it.
 * @throws RangeError where the graph has a cycle.
 */
export function step(
  graph: UnitGraph,
  state: State,
  ...events: readonly Event[]
): { state: State; commands: Command[] } {
  if (state.closed) return { state, commands: [] };
  const course: Course = { board: boardOf(graph, state), state, recalled: [], messages: [] };
  for (const event of events) take(course, event);
  const { board } = course;
  const { stopping, paused } = course.state;

  const commands: Command[] = [];
  const recalled = [...course.recalled, ...board.takeRecalled()].filter((node) => board.runs(node));
  const stops = stopping !== state.stopping && stopping !== 'draining';
  if (stops && !board.idle) commands.push({ kind: 'recall' });
  else commands.push(...recalled.map((node): Command => ({ kind: 'recall', node })));
  if (stopping === undefined && !paused) {
    commands.push(...starts(board));
    board.lending.makeWay();
  } else board.lending.callBackAll();
  commands.push(...course.messages, ...board.lending.takeMessages());
  const drained = stopping === 'draining' && (board.asks || !board.nothingReady);
  const waits = stopping === undefined && (board.asks || (paused && !board.nothingReady));
  const closed = board.idle && !waits;
  if (closed) commands.push({ kind: drained ? 'continue' : 'finish' });

  const next: State = { ...board.snapshot(course.state), ...(closed && { closed }) };
  boards.set(next, board);
  return { state: next, commands };
}

/** What events change, one after the other. */
interface Course {
  board: Board;
  /** What of the state is not on the board. */
  state: State;
  /** By boards that were given up. */
  recalled: readonly Node[];
  messages: readonly Command[];
}

/** The state that the next execution of the same run begins with. */
export function resumed({ stopping: _, closed: __, ...state }: State): State {
  return state;
}

/** Slots that a run uses, and more that it has something to do for. */
export function demandOf(graph: UnitGraph, state: State): Demand {
  const { used, wanted } = (boards.get(state) ?? new Board(graph, state)).demand;
  return { used, wanted: state.stopping === undefined && !state.paused ? wanted : 0 };
}

function take(course: Course, event: Event): void {
  const { board } = course;
  const stop = (stopping: StopReason) => {
    if (course.state.stopping === undefined || course.state.stopping === 'draining')
      course.state = { ...course.state, stopping };
  };
  switch (event.kind) {
    case 'begin':
      return;
    case 'expanded':
      board.open(event.u, event.count, event.first);
      return;
    case 'ended': {
      const changed = board.end(bare(event), event.status);
      if (changed && event.status === 'failed' && board.graph.onFailure === 'stop') stop('failed');
      return;
    }
    case 'asked':
      board.ask(bare(event), event.question);
      return;
    case 'answer':
      board.answer(bare(event), event.answer);
      return;
    case 'reported': {
      const failed = board.reported({ u: event.u, k: event.k }, event);
      if (failed && board.graph.onFailure === 'stop') stop('failed');
      return;
    }
    case 'due':
      board.due(event.ms);
      return;
    case 'pause':
      course.state = { ...course.state, paused: true };
      return;
    case 'resume': {
      const { paused: _, ...state } = course.state;
      course.state = state;
      return;
    }
    case 'concurrency':
      course.state = { ...course.state, concurrency: event.limit };
      board.setLimit(course.state);
      return;
    case 'lent':
      course.state = { ...course.state, lent: event.slots };
      board.setLimit(course.state);
      return;
    case 'wants':
      board.wants(bare(event), event);
      return;
    case 'skip':
      board.skip(bare(event));
      return;
    case 'retry':
      again(course, bare(event), event.as);
      return;
    case 'cancel':
      stop('cancelled');
      return;
    case 'deadline':
      stop('deadline');
      return;
    case 'drain':
      if (course.state.stopping === undefined) course.state = { ...course.state, stopping: 'draining' };
      return;
  }
}

/** Rare enough for a look at the whole graph. */
function again(course: Course, node: Node, as?: Begun): void {
  const { board, state } = course;
  if (state.stopping !== undefined && state.stopping !== 'draining') return;
  const before = board.snapshot(state);
  course.state = before;
  const reopened = reopen(board.graph, before, node, as);
  if (!reopened) return;
  course.recalled = [...course.recalled, ...board.takeRecalled()];
  course.messages = [...course.messages, ...board.lending.takeMessages()];
  course.board = new Board(board.graph, reopened.state, reopened.waiting);
  course.state = reopened.state;
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
