import type { RunResult, ToRepair } from '../contracts/run.js';
import type { RunName } from '../contracts/unit.js';
import { nameOf } from '../core/graph/node.js';
import { expectedOf, type LedgerInput, openedOf } from '../core/integrate/expected.js';
import { countsOf, factsOf } from '../core/integrate/facts.js';
import { htmlOf } from '../core/integrate/html.js';
import { buildLedger } from '../core/integrate/ledger.js';
import { markdownOf } from '../core/integrate/markdown.js';
import { REPORT_VERSION, type Report } from '../core/integrate/report.js';
import { verdictOf } from '../core/integrate/verdict.js';
import type { UnitState } from '../core/outcome/fold.js';
import { type ClosingNote, unpacked } from '../core/schedule/closing.js';
import type { Store } from '../ports/store.js';
import type { Depot } from '../ports/trees.js';
import { answerTo, type IntegrateEffects } from './answerTo.js';
import { putBytes } from './artifacts.js';
import { inTurn } from './inTurn.js';
import { readWithLoop } from './loop/course.js';
import { settleOver } from './payers.js';
import { loadPlan, type StoredPlan } from './plans.js';
import { spentIn } from './purses.js';
import { toRepair } from './repairs.js';
import { closeRun, entryOf } from './runIndex.js';

/*
 * The last step of a run, whatever happened before it (DESIGN, invariant 7).
 *  1. It reads plan, logs and artifacts, and nothing else (E7); what it decides by a command is a row of unit `i`.
 *  2. Integrating again gives the same answer, to the byte; only `run` tells when.
 *  3. What is recorded but gone from the store is a hole in the answer, never the end of it.
 *  4. Only a run that is over is closed: a salvage without that knowledge may be followed by the run's own integration.
 */

export type { IntegrateEffects };

export interface IntegrateInput {
  readonly run: RunName;
  /** Digest of the stored plan. */
  readonly plan: string;
  /** Absent: salvage of a run that did not come to its end. */
  readonly note?: ClosingNote;
  /** The service says that a run without a note is over all the same: it was terminated. */
  readonly over?: boolean;
  /** How often it went back to briefs before; absent: it must not. */
  readonly repairs?: number;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * Merges what exists, checks it against the original brief, stores `report.json`, `report.md` and `report.html`, closes the run.
 * @throws Failure `StoreUnavailable`, `ContractViolation`; `Cancelled` where the signal aborts during verification;
 * `IntegrationInvalid` on a bug of Muster's.
 */
export function integrateRun(
  given: IntegrateInput & { readonly repairs?: never },
  effects: IntegrateEffects,
): Promise<RunResult>;
export function integrateRun(given: IntegrateInput, effects: IntegrateEffects): Promise<RunResult | ToRepair>;
export async function integrateRun(
  given: IntegrateInput,
  effects: IntegrateEffects,
): Promise<RunResult | ToRepair> {
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
): Promise<RunResult | ToRepair> {
  const { run, note, now } = input;
  const { store } = effects;
  const recorded = {
    plan,
    graph,
    ...(note && { note }),
    ...(await readLogs(store, run.first, { plan, graph }, note)),
  };
  if (note || input.over) await settleOver(store, run.first);
  const asked = { run, plan, graph, ...(depot && { depot }) };
  const rows = buildLedger(recorded);
  const { expansions } = recorded;
  const answered = await answerTo(asked, rows, expansions, effects, (found) =>
    toRepair(input, { ...found, expansions }),
  );
  if ('sentBack' in answered) return answered;
  const { ledger, whole, integrator, rounds, ...made } = answered;
  const status = verdictOf(whole, note?.reason);
  const entry = await entryOf(store, run);
  const { id, first } = run;
  const named = {
    ...{ id, first, plan: input.plan, status, ...made },
    ...(entry?.rerunOf !== undefined && { rerunOf: entry.rerunOf }),
  };
  const opened = entry ? { opened: entry.openedAt } : {};
  const spent = await spentIn(store, first);
  const more = { ...opened, ...(integrator && { integrator }), ...(spent && { spent }), rounds };
  const facts = factsOf({ ...recorded, ledger, named, now, ...more });
  const report: Report = { v: REPORT_VERSION, answer: whole, run: facts };

  const result: RunResult = {
    status,
    answer: named.answer,
    report: await storeReport(report, plan, effects),
  };
  if (note || input.over) await closeRun(store, run, { ...result, counts: countsOf(ledger), closedAt: now });
  return result;
}

/** What was being carried out once more, and never ended, ends as it had. */
const ended = (state: UnitState): UnitState =>
  state.final || !state.stood ? state : { ...state, final: state.stood };

async function readLogs(
  store: Store,
  run: string,
  { plan, graph }: StoredPlan,
  note?: ClosingNote,
): Promise<{ readonly expansions: LedgerInput['expansions']; readonly states: Map<string, UnitState> }> {
  const read = async (node: string) => [node, ended(await readWithLoop(store, { run, unit: node }))] as const;
  const units = new Map(await inTurn(graph.units, (_, u) => read(`${u}`)));
  const recorded = graph.units.flatMap((_, u): [number, readonly string[]][] => {
    const keys = units.get(`${u}`)?.expansion?.keys;
    return keys ? [[u, keys]] : [];
  });
  const expansions = openedOf(new Map(recorded), note);
  const instances = expectedOf(plan, expansions).filter(({ k }) => k !== undefined);
  const states = await inTurn(instances, (one) => read(nameOf(one)));
  return { expansions, states: new Map([...units, ...states]) };
}

/** Stores `report.json` and `report.md`. */
export async function storeReport(
  report: Report,
  plan: StoredPlan['plan'],
  { store, digest }: IntegrateEffects,
): Promise<RunResult['report']> {
  const put = async (text: string, type: string) =>
    (await putBytes(store, { bytes: new TextEncoder().encode(text), type }, digest)).digest;
  return {
    json: await put(`${JSON.stringify(report, undefined, 2)}\n`, 'application/json'),
    markdown: await put(markdownOf(report, plan), 'text/markdown'),
    html: await put(htmlOf(report, plan), 'text/html'),
  };
}
