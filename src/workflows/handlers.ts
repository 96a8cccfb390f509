import { defineQuery, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { type GatesAnswer, QUERIES, type StatusAnswer, type WavesAnswer } from '../contracts/messages.js';
import { nodeNamed } from '../core/graph/node.js';
import { plannedWaves } from '../core/graph/waves.js';
import type { State } from '../core/schedule/state.js';
import type { Course } from './course.js';
import { acceptPatches } from './patching.js';
import { steer } from './steering.js';
import type { View } from './view.js';

const waves = defineQuery<WavesAnswer>(QUERIES.waves);
const status = defineQuery<StatusAnswer>(QUERIES.status);
const gates = defineQuery<GatesAnswer>(QUERIES.gates);

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
  setHandler(gates, () => gatesOf(view.dispatch?.state()));
  steer(view);
  acceptPatches(view);
  return view;
}

function steeringOf(state: State | undefined): Pick<StatusAnswer, 'paused' | 'concurrency'> {
  const { paused, concurrency } = state ?? {};
  return { ...(paused && { paused }), ...(concurrency !== undefined && { concurrency }) };
}

/** What waits for an answer; in a run that stops nothing does. */
function gatesOf(state: State | undefined): GatesAnswer {
  if (!state || isStopping(state)) return [];
  return Object.entries(state.asked ?? {}).flatMap(([name, { answer, ...question }]) =>
    answer ? [] : [{ ...nodeNamed(name), ...question }],
  );
}

/** Records what the workflow works on, and builds the waves from the dependency DAG. */
export function show(view: View, { plan, graph, deadlineAt }: Course): void {
  view.plan = plan;
  view.graph = graph;
  view.waves = plannedWaves(graph);
  view.phase = 'running';
  if (deadlineAt === undefined) delete view.deadlineAt;
  else view.deadlineAt = deadlineAt;
  setCurrentDetails(
    view.waves.map((wave, n) => `${n + 1}. ${wave.map((u) => graph.units[u]!.label).join(', ')}`).join('\n'),
  );
}

const isStopping = (state?: State) => state?.stopping !== undefined && state.stopping !== 'draining';
