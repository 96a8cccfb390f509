import type { SubRun } from '../contracts/unit.js';
import { nameOf } from '../core/graph/node.js';
import { expecting, Failure } from '../core/outcome/failure.js';
import type { Within } from '../core/outcome/rows.js';
import type { Source } from '../core/plan/compile.js';
import { MAX_DEPTH } from '../core/plan/plan.js';
import { listed, type Problem } from '../core/plan/problems.js';
import type { PlanWork } from '../core/plan/render.js';
import type { Store } from '../ports/store.js';
import { decodeValue, encodeValue, readBlob } from './artifacts.js';
import { failed, refused } from './endings.js';
import type { Ended } from './lease.js';
import { findPlace } from './places.js';
import { loadPlan, storePlan } from './plans.js';
import { entryOf } from './runIndex.js';
import { readState } from './segments.js';
import type { Unit } from './unit.js';

/*
 * A brief whose work is a run of its own, within this one.
 *  1. Its plan is compiled, checked against the policy and stored before anything of it begins; where that will not do it is
 *     this brief that fails, with everything that is wrong.
 *  2. Once that run has ended, its answer is this brief's output: judged and recorded as any.
 *  3. Done once more, it repeats the run it had before: what that delivered is used again there, brief by brief, and where
 *     that was patched, so is this.
 */

/** What is to be run, or how the brief ended where nothing is. @throws Failure `StoreUnavailable` */
export async function beginWithin(unit: Unit, work: PlanWork): Promise<Ended> {
  const { lease, effects, brief, label, log } = unit;
  const { run, holder } = lease;
  const under = { number: 0, started: effects.clock.now() };
  const depth = (run.depth ?? 0) + 1;
  if (depth > MAX_DEPTH) return refused(unit, under, tooDeep(label));
  const compiled = await compiledFrom(unit, work).catch(willNotDo);
  if (compiled instanceof Failure)
    return failed(unit, { ...under, number: log.state.tries + 1 }, compiled, left(compiled));
  const given = await storePlan(effects.store, compiled, effects.digest);
  const before = await runBefore(unit);
  const last = before && (await lastPlanOf(effects.store, before));
  const { digest: plan, size } = last?.isPatchOf(given)
    ? last
    : { digest: given, size: compiled.plan.briefs.length };
  await log.append(() => [{ row: 'released' }]);
  const within: SubRun = {
    id: `${run.id}/${nameOf(lease)}/${Math.ceil(holder.dispatch / 2)}`,
    ...{ plan, size },
    ...(before && { base: { ...before, ...(last && { plan: last.digest }) } }),
    ...(brief.withinMs !== undefined && { deadlineAt: unit.endsAt }),
  };
  return { kind: 'within', result: { status: 'not-reached', tries: log.state.tries, within } };
}

/** @throws Failure `InvalidPlan`, `CommandNotAllowed`, `StoreUnavailable` */
async function compiledFrom({ plan, effects, label }: Unit, work: PlanWork) {
  const { source, file } = await sourceOf(work, effects.store);
  const at = file !== undefined && plan.folder !== undefined ? { folder: plan.folder, file } : undefined;
  const compiled = await effects.compileWithin(source, at);
  if (!compiled.ok) throw wrong('InvalidPlan', label, compiled.problems);
  const own = Object.values(compiled.plan.prices ?? {}).some((price) => price.source === 'the plan');
  if (at === undefined && own) throw wrong('InvalidPlan', label, [OWN_PRICES]);
  const problems = await effects.refused(compiled.plan, { inline: at === undefined });
  if (problems.length > 0) throw wrong('CommandNotAllowed', label, problems);
  const prices = { ...plan.prices, ...compiled.plan.prices };
  return { ...compiled, plan: { ...compiled.plan, ...(Object.keys(prices).length > 0 && { prices }) } };
}

const OWN_PRICES: Problem = {
  severity: 'error',
  path: 'prices',
  message: 'a plan that a brief came by does not say what models cost: it is paid for by the run above.',
};

async function sourceOf({ plan, params }: PlanWork, store: Unit['effects']['store']) {
  if (!('file' in plan)) return { source: { ...plan, params } satisfies Source };
  const { path, digest } = plan.file;
  const text = String(decodeValue(await readBlob(store, digest), 'text/plain'));
  return { source: { text, params } satisfies Source, file: path };
}

const willNotDo = expecting('InvalidPlan', 'CommandNotAllowed');

/** Everything that is wrong is kept with the row; its reason has room for the first of it. */
const wrong = (type: 'InvalidPlan' | 'CommandNotAllowed', label: string, problems: readonly Problem[]) =>
  new Failure(type, `The plan that ${label} is to run will not do:\n${located(problems)}`, {
    partial: located(problems),
  });

const located = (problems: readonly Problem[]): string =>
  problems
    .filter(({ severity }) => severity === 'error')
    .map((one) => `${one.line === undefined ? '' : `line ${one.line}, `}${listed([one])}`)
    .join('\n');

const left = ({ detail: { partial } }: Failure) =>
  partial === undefined ? {} : { output: encodeValue(partial) };

const tooDeep = (label: string): Failure =>
  new Failure(
    'InvalidInput',
    `${label} would begin a run within a run more than ${MAX_DEPTH} deep, so it was not begun. Does a plan produce itself? Put its briefs into the plan above.`,
  );

/** The run that this brief had before: in this run, or in the one that this repeats. */
async function runBefore({ lease, effects, brief, key, log }: Unit): Promise<Within | undefined> {
  const own = log.state.counted.findLast(({ within }) => within)?.within;
  if (own || !lease.run.base) return own;
  const { store } = effects;
  const place = await findPlace(store, lease.run.base, {
    brief: brief.id,
    ...(key !== undefined && { key }),
  });
  return place && (await readState(store, place)).counted.findLast(({ within }) => within)?.within;
}

/** The plan that a run went by in the end; undefined where the run was removed. */
async function lastPlanOf(store: Store, run: Within) {
  const entry = await entryOf(store, run);
  if (!entry) return undefined;
  const { patches = [], briefs } = (await loadPlan(store, entry.plan)).plan;
  const isPatchOf = (plan: string) => patches.some(({ from }) => from === plan);
  return { digest: entry.plan, size: briefs.length, isPatchOf };
}
