import type { RunResult } from '../contracts/run.js';
import type { RunName } from '../contracts/unit.js';
import { nameOf } from '../core/graph/node.js';
import { expansionsIn, factsAgain, ledgerAgain } from '../core/integrate/again.js';
import { expectedOf } from '../core/integrate/expected.js';
import { REPORT_VERSION, type Report } from '../core/integrate/report.js';
import { verdictOf } from '../core/integrate/verdict.js';
import { canonical } from '../core/outcome/canonical.js';
import type { IntegratedRow } from '../core/outcome/rows.js';
import type { Plan } from '../core/plan/plan.js';
import type { Store } from '../ports/store.js';
import type { Depot } from '../ports/trees.js';
import { answerTo, type IntegrateEffects } from './answerTo.js';
import { inTurn } from './inTurn.js';
import { storeReport } from './integrateRun.js';
import { integratorLog } from './integratorLog.js';
import { readWithLoop } from './loop/course.js';
import { loadPlan, storePlan } from './plans.js';
import { spentIn } from './purses.js';

/*
 * Other rules over what a run delivered. It reads the report of the run, its logs and its artifacts, so neither Temporal nor
 * the closing note of the workflow is asked for.
 *  1. No brief is carried out, and the run's own report stays as it is.
 *  2. The same rules give the same report, to the byte, as long as the store holds the same.
 *  3. What it stores is named by a row of the run's unit `i`: so it stays as long as the run does, and goes with it.
 */

export interface AgainInput {
  readonly run: RunName;
  /** That it has. */
  readonly report: Report;
  /** Its plan, with the other rules. */
  readonly plan: Plan;
  /** As the rules were named. */
  readonly file?: string;
}

/** @throws Failure as `integrateRun` does */
export async function integrateAgain(input: AgainInput, effects: IntegrateEffects): Promise<RunResult> {
  const { base } = input.plan;
  if (!base) return integrate(input, effects);
  return effects.depots(base.pack.digest, (depot) => integrate(input, effects, depot));
}

async function integrate(
  { run, report: told, plan, file }: AgainInput,
  effects: IntegrateEffects,
  depot?: Depot,
): Promise<RunResult> {
  const { store, digest } = effects;
  const own = await loadPlan(store, told.run.plan);
  const { graph } = own;
  const expansions = expansionsIn(plan, told.answer.ledger);
  const states = await inTurn(
    expectedOf(plan, expansions),
    async (one) => [nameOf(one), await readWithLoop(store, { run: run.first, unit: nameOf(one) })] as const,
  );
  const rows = ledgerAgain({ plan, graph, expansions, states: new Map(states) }, told.answer.ledger);
  const otherCommand = !isSame(plan.integrate.verify, own.plan.integrate.verify);
  const asked = { run, plan, graph, otherCommand, ...(depot && { depot }) };
  const { ledger, whole, integrator, rounds: _, ...made } = await answerTo(asked, rows, expansions, effects);

  const { ending } = told.run;
  const status = verdictOf(whole, ending === 'salvaged' ? undefined : ending);
  const spent = await spentIn(store, run.first);
  const rules = await storePlan(store, { plan, graph, files: new Map() }, digest);
  const integrated = { plan: rules, ...(file !== undefined && { file }) };
  const asking = integrator && { integrator };
  const facts = factsAgain(told.run, ledger, {
    ...{ status, ...made, ...asking, integrated },
    ...(spent && { spent }),
  });
  const report = await storeReport({ v: REPORT_VERSION, answer: whole, run: facts }, plan, effects);
  const apart = (whole.apart ?? []).flatMap(({ parts }) => parts.map((part) => part.digest));
  await note(store, run.first, {
    ...{ row: 'integrated', status, plan: rules, report },
    ...made,
    ...(apart.length > 0 && { apart }),
  });
  return { status, answer: made.answer, report };
}

const isSame = (a: readonly string[] = [], b: readonly string[] = []): boolean =>
  canonical(a) === canonical(b);

/** Once for each report. @param run first execution run id */
async function note(store: Store, run: string, row: IntegratedRow): Promise<void> {
  let noted = false;
  const log = await integratorLog(store, run, (one) => {
    noted ||= one.row === 'integrated' && one.report.json === row.report.json;
  });
  await log.record(row, () => noted);
}
