import type { Scheduled } from '../contracts/run.js';
import type { RunName } from '../contracts/unit.js';
import { type Node, nameOf } from '../core/graph/node.js';
import type { Failure } from '../core/outcome/failure.js';
import type { Plan } from '../core/plan/plan.js';
import type { AskWork } from '../core/plan/render.js';
import type { Clock } from '../ports/clock.js';
import type { Executor, Executors } from '../ports/executor.js';
import type { Store } from '../ports/store.js';
import { INTEGRATOR } from './integratorLog.js';
import type { Lease, StepOf } from './lease.js';
import type { Log } from './log.js';
import { loadPlan } from './plans.js';
import { beginPurse, chainOf, type PurseLog, purseOf } from './purses.js';
import { entryOf } from './runIndex.js';
import { purseOfSchedule } from './schedulePurse.js';
import type { Place } from './segments.js';
import { heldStill, settleLost, within } from './spending.js';

/*
 * Who pays for calls, and how they are named: `<first execution run id>/<unit>/<holder>/<n>`. Whoever takes up what somebody
 * else began settles what that one left open: nobody will hear of it.
 */

interface Means {
  readonly store: Store;
  readonly clock: Clock;
  readonly executors: Pick<Executors, 'ask'>;
}

interface Paying {
  readonly paid: (ask: Executor<AskWork>) => Executor<AskWork>;
  /** Why what is to be asked would wait for a raise now; nothing is written. */
  readonly held: (work: AskWork, label: string) => Promise<Failure | undefined>;
}

/** What has one holder of a unit, or of a step of its tool loop, pay for what it asks, whoever carries that out. */
export function payerOfUnit(
  { store, clock }: Omit<Means, 'executors'>,
  { run, u, k, holder, step }: Pick<Lease, 'run' | 'u' | 'k' | 'holder'> & { readonly step?: StepOf },
  plan: Plan,
  log: Pick<Log, 'state'>,
): Paying {
  const node = { u, ...(k !== undefined && { k }) };
  const { prices } = plan;
  let calls = 0;
  const chain = async () => chainOf(store, await purseAbove(store, run.first, plan, node));
  const purses = once(async () => {
    const all = await chain();
    const mine = `${run.first}/${nameOf(node)}/`;
    await settleLost(all, (call) => call.startsWith(mine) && !call.startsWith(`${mine}${by}/`));
    return all;
  });
  const by = `${step ? `${step.at}/` : ''}${holder.dispatch}.${holder.attempt}`;
  const spending = {
    ...{ purses, prices, clock, waits: true },
    begun() {
      const { tries, samples, loop } = log.state;
      return step?.begun === true || tries > 0 || samples.size > 0 || loop !== undefined;
    },
    name: () => `${run.first}/${nameOf(node)}/${by}/${++calls}`,
  };
  return {
    paid: (ask) => within(spending, ask),
    // Nobody below is kept out yet: what they have open stays so.
    held: (work, label) => heldStill({ ...spending, purses: chain }, work, label),
  };
}

/** `ask` of an integrator, which goes on with what has begun. @param run first execution run id */
export function askOfIntegrator(
  { store, clock, executors: { ask } }: Means,
  run: string,
  { prices }: Pick<Plan, 'prices'>,
): Executor<AskWork> {
  const mine = `${run}/${INTEGRATOR}/`;
  const by = `${mine}${clock.now()}/`;
  let calls = 0;
  const purses = once(async () => {
    const chain = await chainOf(store, purseOf(run));
    await settleLost(chain, (call) => call.startsWith(mine) && !call.startsWith(by));
    return chain;
  });
  const name = () => `${by}${++calls}`;
  return within({ purses, prices, clock, waits: false, begun: () => true, name }, ask);
}

/** Nobody of a run that is over hears of a call any more, but its integrator. @param run first execution run id */
export async function settleOver(store: Store, run: string): Promise<void> {
  const chain = await chainOf(store, purseOf(run));
  await chain[0]!.readOn();
  const open = new Set(
    [...chain[0]!.state.open.keys()].filter((call) => !call.startsWith(`${run}/${INTEGRATOR}/`)),
  );
  if (open.size > 0) await settleLost(chain, (call) => open.has(call));
}

/**
 * Before a run begins: what it may spend, and whose money it is.
 * @throws Failure `InvalidInput` where its schedule has a budget in dollars, and nobody knows what one of its models costs
 */
export async function openPurses(
  store: Store,
  run: string,
  plan: Plan,
  {
    partOf,
    scheduled,
  }: { readonly partOf?: RunName & { readonly node: Node }; readonly scheduled?: Scheduled },
): Promise<void> {
  const { soft, pause, ...limit } = plan.limits.budget ?? {};
  const above = partOf
    ? await aboveIn(store, partOf)
    : scheduled && (await purseOfSchedule(store, scheduled, plan));
  if (!above && Object.keys(limit).length === 0) return;
  await beginPurse(store, purseOf(run), {
    limit,
    ...(soft !== undefined && { soft }),
    ...(pause && { pause }),
    ...(above && { above }),
  });
}

async function aboveIn(store: Store, { node, ...run }: RunName & { readonly node: Node }): Promise<Place> {
  const entry = await entryOf(store, run);
  if (!entry) return purseOf(run.first);
  return purseAbove(store, run.first, (await loadPlan(store, entry.plan)).plan, node);
}

/** Of the brief that a run is to another, or of that run. @param brief of its plan */
async function purseAbove(store: Store, run: string, plan: Plan, node: Node): Promise<Place> {
  const whole = purseOf(run);
  const { budget } = plan.briefs[node.u]!;
  if (!budget) return whole;
  const own = purseOf(run, node);
  await beginPurse(store, own, { limit: budget, above: whole });
  return own;
}

/** Where it fails it is tried again by the next who asks. */
function once(make: () => Promise<readonly PurseLog[]>): () => Promise<readonly PurseLog[]> {
  let made: Promise<readonly PurseLog[]> | undefined;
  return () => {
    made ??= make().catch((error) => {
      made = undefined;
      throw error;
    });
    return made;
  };
}
