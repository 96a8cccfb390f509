import { ActivityCancellationType, type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../contracts/activities.js';
import { WAITING_MS } from '../contracts/unit.js';
import type { Unit } from '../core/graph/units.js';

/**
 * Attempts are Temporal's and unlimited: only an attempt that ends with a verdict costs a try, and Muster counts
 * those itself. What bounds a unit is its tries, `within`, and the run's deadline.
 */
const retry = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' } as const;

const common = { retry, cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED } as const;

/** Backstop over Muster's own timers, ms: room to kill a process group and to record the outcome. */
const GRACE = 30_000;

export const { compile } = proxyActivities<Activities>({
  ...common,
  startToCloseTimeout: '10m',
  heartbeatTimeout: '30s',
  summary: 'read the plan',
});

/** Somebody waits for the answer, and the run does not end before: what cannot be read by then is refused. */
export const { readPatch } = proxyActivities<Activities>({
  ...common,
  scheduleToCloseTimeout: '15s',
  summary: 'read a patch of the plan',
});

export const { notePatch } = proxyActivities<Activities>({
  ...common,
  startToCloseTimeout: '10m',
  heartbeatTimeout: '30s',
  summary: 'patch the plan',
});

export const { integrate } = proxyActivities<Activities>({
  ...common,
  startToCloseTimeout: '1h',
  heartbeatTimeout: '30s',
  summary: 'integrate and check against the original brief',
});

/** Of a task queue: 1 goes first, 3 is what it takes for normal. */
const PRIORITY_KEYS = { high: 2, low: 4 } as const;

/** Beyond the time that batches have: until a provider has stopped them, and what came is on record. */
const BATCH_GRACE = 15 * 60_000;

/** What is asked in batches, before the unit itself. It stands for the unit where that is shown. */
export const batchOf = (unit: Unit, batchMs: number, node: string): Activities['batch'] =>
  proxyActivities<Activities>({
    ...common,
    scheduleToCloseTimeout: batchMs + BATCH_GRACE,
    heartbeatTimeout: unit.heartbeatMs,
    activityId: node,
    summary: `${unit.label}: asked in batches`,
  }).batch;

/**
 * The activities of one unit, with its own times, named as Temporal's UI will show them.
 * `node` is `u` or `u.k`: as the activity's id it tells whoever describes the run which brief is pending.
 */
export function activitiesOf(
  unit: Unit,
  node: string,
  summary: string,
  timeLeftMs?: number,
): Pick<Activities, 'unit' | 'expand'> {
  return proxyActivities<Activities>(optionsOf(unit, node, summary, timeLeftMs));
}

/** The same of a step of a tool loop. @param id begins with `node` and a space */
export const stepOf = (
  unit: Unit,
  id: string,
  summary: string,
  timeLeftMs?: number,
): Pick<Activities, 'turn' | 'call'> => proxyActivities<Activities>(optionsOf(unit, id, summary, timeLeftMs));

function optionsOf(unit: Unit, activityId: string, summary: string, timeLeftMs?: number): ActivityOptions {
  const within = Math.min(unit.withinMs ?? Infinity, timeLeftMs ?? Infinity);
  return {
    ...common,
    startToCloseTimeout: unit.timeoutMs + WAITING_MS + GRACE,
    heartbeatTimeout: unit.heartbeatMs,
    ...(within < Infinity ? { scheduleToCloseTimeout: Math.max(within, 0) + GRACE } : {}),
    activityId,
    ...(unit.priority && { priority: { priorityKey: PRIORITY_KEYS[unit.priority] } }),
    summary,
  };
}
