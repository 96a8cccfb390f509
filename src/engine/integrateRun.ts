import type { RunResult } from '../contracts/run.js';
import type { RunName } from '../contracts/unit.js';
import { nameOf } from '../core/graph/node.js';
import { expectedOf, type LedgerInput, openedOf } from '../core/integrate/expected.js';
import { countsOf, factsOf } from '../core/integrate/facts.js';
import { buildLedger } from '../core/integrate/ledger.js';
import { markdownOf } from '../core/integrate/markdown.js';
import { type Answer, answerOf, REPORT_VERSION, type Report } from '../core/integrate/report.js';
import { verdictOf } from '../core/integrate/verdict.js';
import { canonicalWithin, type Digest, type Json, MAX_DEPTH } from '../core/outcome/canonical.js';
import { expecting, Failure } from '../core/outcome/failure.js';
import type { UnitState } from '../core/outcome/fold.js';
import type { Plan } from '../core/plan/plan.js';
import type { RunWork } from '../core/plan/render.js';
import { type ClosingNote, unpacked } from '../core/schedule/closing.js';
import type { Executor } from '../ports/executor.js';
import type { Store } from '../ports/store.js';
import type { Depot, Depots } from '../ports/trees.js';
import { putBytes } from './artifacts.js';
import { deliveredOf } from './delivered.js';
import { integrateFiles } from './integrateFiles.js';
import { loadPlan, type StoredPlan } from './plans.js';
import { closeRun, entryOf } from './runIndex.js';
import { readState } from './segments.js';
import { verifyOnce } from './verify.js';

/*
 * The last step of a run, whatever happened before it (DESIGN, invariant 7).
 *  1. It reads plan, logs and artifacts, and nothing else (E7); what it decides by a command is a row of unit `i`.
 *  2. Integrating again gives the same answer, to the byte; only `run` tells when.
 *  3. What is recorded but gone from the store is a hole in the answer, never the end of it.
 *  4. Only a run that is over is closed: a salvage without that knowledge may be followed by the run's own integration.
 */

export interface IntegrateInput {
  readonly run: RunName;
  /** Digest of the stored plan. */
  readonly plan: string;
  /** Absent: salvage of a run that did not come to its end. */
  readonly note?: ClosingNote;
  /** The service says that a run without a note is over all the same: it was terminated. */
  readonly over?: boolean;
  /** ms since the epoch. */
  readonly now: number;
}

export interface IntegrateEffects {
  readonly store: Store;
  readonly digest: Digest;
  /** Where trees of workspaces are merged. */
  readonly depots: Depots;
  /** Carries out `integrate.verify`. */
  readonly verify: Executor<RunWork>;
  readonly signal: AbortSignal;
}

/** What the answer adds around the values of briefs. */
const WRAPPED = 20;

/**
 * Merges what exists, checks it against the original brief, stores `report.json` and `report.md`, closes the run.
 * @throws Failure `StoreUnavailable`, `ContractViolation`; `Cancelled` where the signal aborts during verification;
 * `IntegrationInvalid` on a bug of Muster's.
 */
export async function integrateRun(given: IntegrateInput, effects: IntegrateEffects): Promise<RunResult> {
  const input = given.note ? { ...given, note: unpacked(given.note) } : given;
  const stored = await loadPlan(effects.store, input.plan);
  const { base } = stored.plan;
  if (!base) return integrate(input, stored, effects);
  return effects.depots(base.pack.digest, (depot) => integrate(input, stored, effects, depot));
}

async function integrate(
  input: IntegrateInput,
  { plan, graph }: StoredPlan,
  effects: IntegrateEffects,
  depot?: Depot,
): Promise<RunResult> {
  const { run, note, now } = input;
  const { store, digest } = effects;
  const recorded = {
    plan,
    graph,
    ...(note && { note }),
    ...(await readLogs(store, run.first, { plan, graph }, note)),
  };
  const { ledger, outputs } = await deliveredOf(store, digest, buildLedger(recorded));
  const trees = depot && (await integrateFiles({ store, digest, plan }, depot, ledger, recorded.expansions));
  const unverified = answerOf({ plan, ledger, outputs, ...(trees && { files: trees.files }) });
  const answer = await verified(unverified, input, plan, effects, depot);
  const status = verdictOf(answer, note?.reason);
  const entry = await entryOf(store, run);
  const { id, first } = run;
  const named = {
    ...{ id, first, plan: input.plan, status, answer: digest(textOf(answer)) },
    ...(entry?.rerunOf !== undefined && { rerunOf: entry.rerunOf }),
    ...(trees?.made && { files: trees.made }),
  };
  const opened = entry ? { opened: entry.openedAt } : {};
  const facts = factsOf({ ...recorded, ledger, named, now, ...opened });
  const report: Report = { v: REPORT_VERSION, answer, run: facts };

  const result: RunResult = { status, answer: named.answer, report: await stored(report, plan, effects) };
  if (note || input.over) await closeRun(store, run, { ...result, counts: countsOf(ledger), closedAt: now });
  return result;
}

async function readLogs(
  store: Store,
  run: string,
  { plan, graph }: StoredPlan,
  note?: ClosingNote,
): Promise<{ readonly expansions: LedgerInput['expansions']; readonly states: Map<string, UnitState> }> {
  const read = async (node: string) => [node, await readState(store, { run, unit: node })] as const;
  const units = new Map(await Promise.all(graph.units.map((_, u) => read(`${u}`))));
  const recorded = graph.units.flatMap((_, u): [number, readonly string[]][] => {
    const keys = units.get(`${u}`)?.expansion?.keys;
    return keys ? [[u, keys]] : [];
  });
  const expansions = openedOf(new Map(recorded), note);
  const instances = expectedOf(plan, expansions).filter(({ k }) => k !== undefined);
  const states = await Promise.all(instances.map((one) => read(nameOf(one))));
  return { expansions, states: new Map([...units, ...states]) };
}

async function verified(
  answer: Answer,
  { run, now }: IntegrateInput,
  plan: Plan,
  effects: IntegrateEffects,
  depot: Depot | undefined,
): Promise<Answer> {
  const argv = plan.integrate.verify;
  if (!argv) return answer;
  // A tree that makes no folder cannot be verified in one; the report says so.
  const space = await depot?.open(answer.files!.tree, plan.base!.within).catch(expecting('OutputInvalid'));
  if (space instanceof Failure) return { ...answer, verified: { holds: false, finding: space.message } };
  const cwd = space?.within ?? plan.folder;
  const asked = { argv, stdin: textOf(answer), run: run.first, now, ...(cwd !== undefined && { cwd }) };
  try {
    return { ...answer, verified: await verifyOnce(asked, effects) };
  } finally {
    await space?.remove();
  }
}

async function stored(
  report: Report,
  plan: StoredPlan['plan'],
  { store, digest }: IntegrateEffects,
): Promise<RunResult['report']> {
  const put = async (text: string, type: string) =>
    (await putBytes(store, { bytes: new TextEncoder().encode(text), type }, digest)).digest;
  return {
    json: await put(`${JSON.stringify(report, undefined, 2)}\n`, 'application/json'),
    markdown: await put(markdownOf(report, plan), 'text/markdown'),
  };
}

/** An answer is plain JSON by construction; its types only name the keys more closely than `Json` does. */
const textOf = (answer: Answer): string => canonicalWithin(MAX_DEPTH + WRAPPED, answer as unknown as Json);
