import type { StatusAnswer } from '../contracts/messages.js';
import type { Base } from '../contracts/unit.js';
import { progressOf } from '../core/explain/progress.js';
import type { RunView } from '../core/explain/runView.js';
import { nodeNamed } from '../core/graph/node.js';
import { Failure } from '../core/outcome/failure.js';
import { keysOfFans } from '../engine/outputs.js';
import { loadPlan } from '../engine/plans.js';
import { spentIn } from '../engine/purses.js';
import { findRun, type RunEntry } from '../engine/runIndex.js';
import type { Store } from '../ports/store.js';
import type { Described, Pending, Runs } from '../temporal/runs.js';

/** How runs stand: from the store where they are closed, else from the service. */
export function looker(store: Store, service: () => Promise<Runs>) {
  async function status(given: string): Promise<RunView | undefined> {
    const entry = await findRun(store, given);
    if (entry?.closed) return closedView(entry, entry.closed);
    const id = entry?.id ?? given;
    const runs = await service();
    const described = await runs.describe(id);
    if (!described) return undefined;
    // Whatever completes has left a report: nobody but a prune takes its entry away.
    if (!entry && described.state === 'COMPLETED') throw removed(id, described);
    const base = {
      ...{ id, name: entry?.name ?? id, startedAt: described.startedAt },
      ...(entry && patchesOf(entry)),
    };
    if (!described.open) return { ...base, ...(await unreported(runs, id, described)) };
    const answer = await runs.status(id);
    const spent = entry && (await spentIn(store, entry.first));
    if (!answer) return { ...base, phase: 'compiling', answered: false };
    return {
      ...base,
      phase: phaseOf(answer),
      answered: true,
      ...(answer.deadlineAt === undefined ? {} : { deadlineAt: answer.deadlineAt }),
      ...(spent && { spent }),
      ...(entry && answer.plan
        ? {
            progress: await progressNow(
              store,
              { first: entry.first, plan: answer.plan },
              answer,
              await runs.pending(described),
            ),
          }
        : {}),
    };
  }

  async function* views(
    given: string,
    options: { everyMs?: number; signal?: AbortSignal } = {},
  ): AsyncIterable<RunView> {
    let over = false;
    let wake = () => {};
    for (let followed = false; !options.signal?.aborted; ) {
      const view = await status(given);
      if (view) yield view;
      if (!view || view.endedAt !== undefined) return;
      if (!followed) {
        followed = true;
        const end = () => {
          over = true;
          wake();
        };
        // Only the run's own end cuts a wait short; where it cannot be awaited, looking now and then will do.
        (await service()).result(view.id).then(end, (error) => error instanceof Failure && end());
      }
      if (!over)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, options.everyMs ?? 500);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      over = false;
    }
  }

  return { status, views };
}

function phaseOf({ phase, paused }: StatusAnswer): RunView['phase'] {
  if (phase === 'closed') return 'integrating';
  return phase === 'running' && paused ? 'paused' : phase;
}

const removed = (id: string, { endedAt = 0 }: Described): Failure =>
  new Failure(
    'InvalidInput',
    `${id} ended on ${new Date(endedAt).toISOString().slice(0, 10)}, and nothing of it is in this store: it was removed (muster prune, or the retention that is set), or is a run of another store. See what is left: muster list`,
  );

function closedView(entry: RunEntry, closed: NonNullable<RunEntry['closed']>): RunView {
  const { id, name, openedAt } = entry;
  return {
    ...{ id, name, phase: closed.status, startedAt: openedAt, endedAt: closed.closedAt, answered: true },
    ...patchesOf(entry),
  };
}

const patchesOf = ({ patches }: RunEntry) => (patches === undefined ? {} : { patches });

/** A run that Temporal has closed and no integrator has: terminated, or failed before it could begin. */
async function unreported(runs: Runs, id: string, { state, endedAt }: Described) {
  const failure = await runs.result(id).then(
    () => undefined,
    (error: Error) => ({ type: error instanceof Failure ? error.type : state, message: error.message }),
  );
  return {
    phase: state === 'TERMINATED' ? ('terminated' as const) : ('failed' as const),
    answered: true,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(failure ? { failure } : {}),
  };
}

/** @param by the plan that the run goes by, which the index may not know of yet */
async function progressNow(store: Store, by: Base, answer: StatusAnswer, pending: readonly Pending[]) {
  const { plan, graph } = await loadPlan(store, by.plan);
  const keys = await keysOfFans(store, by.first, Object.keys(answer.fans).map(Number));
  return progressOf({
    plan,
    graph,
    waves: answer.waves,
    units: answer.units,
    fans: withRunning(answer.fans, pending),
    keys,
    pending: pending.map(({ node, beat, lastFailure, nextAt }) => ({
      node,
      ...beat,
      ...(lastFailure === undefined ? {} : { failure: lastFailure }),
      ...(nextAt === undefined ? {} : { nextAt }),
    })),
  });
}

/** Shards tell now and then how their instances stand; what is in hand has begun. */
function withRunning(fans: StatusAnswer['fans'], pending: readonly Pending[]): StatusAnswer['fans'] {
  const now = Object.fromEntries(Object.entries(fans).map(([u, letters]) => [u, [...letters]]));
  for (const { node } of pending) {
    const { u, k } = nodeNamed(node);
    if (k !== undefined && now[u]?.[k] === '.') now[u][k] = 'r';
  }
  return Object.fromEntries(Object.entries(now).map(([u, letters]) => [u, letters.join('')]));
}
