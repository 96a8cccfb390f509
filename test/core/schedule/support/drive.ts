import { nameOf } from '../../../../src/core/graph/node.js';
import { type Command, type Event, initialState, type State } from '../../../../src/core/schedule/state.js';
import { resumed, step } from '../../../../src/core/schedule/step.js';
import type { Scenario } from './scenario.js';

export interface Taken {
  readonly event: Event;
  readonly commands: readonly Command[];
  readonly state: State;
}

export interface DriveOptions {
  /** Which of those in flight ends next; random where not said. */
  readonly choose?: (inFlight: number) => number;
  /** Applied to the state before each step, as a replay or a new execution would. */
  readonly between?: (state: State) => State;
  /** Told before the next event is chosen: an event from outside instead. */
  readonly interrupt?: (stepsTaken: number) => Event | undefined;
}

/** Runs a scenario to its end, one event at a time; what happened, in order. */
export function drive(
  { graph, expansion, status, draw }: Scenario,
  { choose = draw, between = (s) => s, interrupt = () => undefined }: DriveOptions = {},
): Taken[] {
  const taken: Taken[] = [];
  const inFlight: Event[] = [];
  let state = initialState(graph);
  let event: Event | undefined = { kind: 'begin' };
  while (event !== undefined) {
    const next = step(graph, between(state), event);
    state = next.state;
    taken.push({ event, ...next });
    for (const command of next.commands) {
      if (command.kind === 'expand') {
        const { u } = command;
        const to = expansion(u);
        inFlight.push(
          typeof to === 'number' ? { kind: 'expanded', u, count: to } : { kind: 'ended', u, status: to },
        );
      } else if (command.kind === 'start') {
        const { u, k, answer } = command;
        const node = k === undefined ? { u } : { u, k };
        const question = { digest: nameOf(node), since: taken.length };
        if (graph.units[u]!.gate && !answer) inFlight.push({ kind: 'asked', ...node, question });
        else inFlight.push({ kind: 'ended', ...node, status: status(u, k) });
      }
    }
    if (event.kind === 'asked') {
      const { kind: _, question, ...node } = event;
      const answer = { verdict: 'approved', digest: question.digest } as const;
      inFlight.push({ kind: 'answer', ...node, answer });
    }
    if (next.commands.some((command) => command.kind === 'continue')) {
      state = resumed(state);
      event = { kind: 'begin' };
    } else {
      event =
        interrupt(taken.length) ??
        (inFlight.length === 0 ? undefined : inFlight.splice(choose(inFlight.length), 1)[0]);
    }
  }
  return taken;
}
