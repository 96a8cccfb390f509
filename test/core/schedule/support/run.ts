import { patched } from '../../../../src/core/schedule/patch.js';
import { type Command, type Event, initialState, type State } from '../../../../src/core/schedule/state.js';
import { resumed, step } from '../../../../src/core/schedule/step.js';
import type { Scenario } from './scenario.js';

/** A run, one event at a time, whose plan may be another from some moment on. */
export class Run {
  state: State;
  readonly started: number[] = [];
  private readonly inFlight: Event[] = [];

  constructor(private scenario: Scenario) {
    this.state = initialState(scenario.graph);
    this.take({ kind: 'begin' });
  }

  /** Whether there was anything to take. */
  next(): boolean {
    const { inFlight } = this;
    const [event] = inFlight.splice(this.scenario.draw(inFlight.length), 1);
    if (event) this.take(event);
    return event !== undefined;
  }

  goOn(): void {
    while (this.next());
  }

  patch(scenario: Scenario, touched: readonly number[]): ReturnType<typeof patched> {
    const next = patched(this.scenario.graph, this.state, { graph: scenario.graph, touched });
    if (!('state' in next)) return next;
    this.scenario = scenario;
    this.state = next.state;
    this.take({ kind: 'begin' });
    return next;
  }

  take(event: Event): void {
    const { graph } = this.scenario;
    const { state, commands } = step(graph, this.state, event);
    this.state = state;
    for (const command of commands) this.carryOut(command);
    if (commands.some(({ kind }) => kind === 'continue')) {
      this.state = resumed(state);
      this.take({ kind: 'begin' });
    }
  }

  private carryOut(command: Command): void {
    const { expansion, status } = this.scenario;
    if (command.kind === 'expand') {
      const { u } = command;
      const to = expansion(u);
      this.started.push(u);
      this.inFlight.push(
        typeof to === 'number' ? { kind: 'expanded', u, count: to } : { kind: 'ended', u, status: to },
      );
    } else if (command.kind === 'start') {
      const { u, k } = command;
      this.started.push(u);
      this.inFlight.push({ kind: 'ended', u, ...(k !== undefined && { k }), status: status(u, k) });
    }
  }
}
