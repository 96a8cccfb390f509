import { ApplicationFailure, condition, defineQuery, defineUpdate, setHandler } from '@temporalio/workflow';
import {
  type Addressed,
  type Limit,
  QUERIES,
  type StatusAnswer,
  type Steered,
  UPDATES,
  type WavesAnswer,
} from '../contracts/messages.js';
import { MAX_CONCURRENCY, type UnitGraph } from '../core/graph/units.js';
import { buildWaves, type Waves } from '../core/graph/waves.js';
import type { Event, State } from '../core/schedule/state.js';
import type { Dispatch } from './dispatch.js';

/** What queries may look at; the story in `run` fills it in as it goes. */
export interface View {
  phase: StatusAnswer['phase'];
  plan?: string;
  graph?: UnitGraph;
  waves: Waves;
  dispatch?: Pick<Dispatch, 'state' | 'give'>;
  deadlineAt?: number;
}

const waves = defineQuery<WavesAnswer>(QUERIES.waves);
const status = defineQuery<StatusAnswer>(QUERIES.status);

/** Installed before the first `await`, so that a query is answered at any moment of the run. */
export function installHandlers(): View {
  const view: View = { phase: 'compiling', waves: [] };
  setHandler(waves, () => ({
    mode: view.graph?.waves ?? 'rolling',
    waves: view.waves.map((wave) => wave.map((u) => view.graph!.units[u]!.label)),
  }));
  setHandler(status, () => ({
    phase: view.phase === 'running' && isStopping(view.dispatch?.state()) ? 'stopping' : view.phase,
    ...(view.plan === undefined ? {} : { plan: view.plan }),
    waves: view.waves,
    units: view.dispatch?.state().units ?? '',
    fans: view.dispatch?.state().fans ?? {},
    ...(view.deadlineAt === undefined ? {} : { deadlineAt: view.deadlineAt }),
    ...steeringOf(view.dispatch?.state()),
  }));
  steer(view);
  return view;
}

function steeringOf(state: State | undefined): Pick<StatusAnswer, 'paused' | 'concurrency'> {
  const { paused, concurrency } = state ?? {};
  return { ...(paused && { paused }), ...(concurrency !== undefined && { concurrency }) };
}

/** Whoever asks before the run has begun is answered once it has. */
function steer(view: View): void {
  const on = <A>(
    name: keyof typeof UPDATES,
    eventOf: (asked: A) => Event,
    wrong: (asked: A) => string | undefined,
  ) =>
    setHandler(
      defineUpdate<Steered, [A]>(UPDATES[name]),
      async (asked) => {
        await condition(() => view.dispatch !== undefined);
        const { state, give } = view.dispatch!;
        const before = said(state());
        await give(eventOf(asked));
        return { changed: said(state()) !== before };
      },
      {
        validator: (asked) => {
          const ended = view.phase === 'integrating' || view.phase === 'closed';
          const problem = ended ? 'All that it would do is done: it is being integrated.' : wrong(asked);
          if (problem !== undefined) throw ApplicationFailure.nonRetryable(problem, 'InvalidInput');
        },
      },
    );
  const nothing = () => undefined;
  const place = ({ u, k }: Addressed = { u: -1 }) =>
    isPlace(u) && (k === undefined || isPlace(k)) && (view.graph === undefined || u < view.graph.units.length)
      ? undefined
      : 'The plan has no such brief.';
  on<void>('pause', () => ({ kind: 'pause' }), nothing);
  on<void>('resume', () => ({ kind: 'resume' }), nothing);
  on<Limit>(
    'concurrency',
    ({ limit }) => ({ kind: 'concurrency', limit }),
    (asked) =>
      isPlace(asked?.limit) && asked.limit >= 1 && asked.limit <= MAX_CONCURRENCY
        ? undefined
        : `It should be a whole number from 1 to ${MAX_CONCURRENCY}.`,
  );
  on<Addressed>('skip', (node) => ({ kind: 'skip', ...node }), place);
  on<Addressed>('retry', (node) => ({ kind: 'retry', ...node }), place);
}

const isPlace = (n: unknown): n is number => Number.isInteger(n) && (n as number) >= 0;
/** All that people may change. */
const said = ({ paused, concurrency, byHand, again }: State): string =>
  JSON.stringify([paused, concurrency, byHand, again]);

/** Records what the workflow works on, and builds the waves from the dependency DAG. */
export function show(view: View, plan: string, graph: UnitGraph): void {
  view.plan = plan;
  view.graph = graph;
  view.waves = buildWaves(graph);
  view.phase = 'running';
}

const isStopping = (state?: State) => state?.stopping !== undefined && state.stopping !== 'draining';
