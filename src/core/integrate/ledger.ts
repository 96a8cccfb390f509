import { nameOf } from '../graph/node.js';
import { Failure } from '../outcome/failure.js';
import type { UnitState } from '../outcome/fold.js';
import type { Reason, Ref, Status, Usage } from '../outcome/outcome.js';
import type { Anew, FallbackKind, FilesMade, Reused } from '../outcome/rows.js';
import type { Several } from '../outcome/several.js';
import type { Voted } from '../outcome/voted.js';
import { culprits } from './culprits.js';
import { derive } from './derive.js';
import { type Expected, expectedOf, type LedgerInput, labelOf } from './expected.js';
import { totalUsage } from './usage.js';

/*
 *  1. One row for each expected brief or instance, in plan order, instances in input order; never fewer, never more.
 *  2. A row that a unit wrote is taken as it is. What no unit wrote is derived from the closing note; without a note
 *     (salvage) nobody knows more than that it was not reached.
 *  3. A fan that was never opened, or opened on nothing, has one row without a key.
 */

export interface LedgerRow {
  readonly brief: string;
  readonly key?: string;
  readonly title?: string;
  readonly status: Status;
  readonly reason?: Reason;
  /** Label of the brief that made it `skipped` or `not-needed`. */
  readonly because?: string;
  /** What delivered in its place; `reason` says why. */
  readonly fallback?: FallbackKind;
  /** Names of secrets in whose place something stands in its output. */
  readonly redacted?: readonly string[];
  /** How it was voted on. */
  readonly voted?: Voted;
  /** How several samples became its output otherwise. */
  readonly several?: Several;
  readonly tries: number;
  readonly ref?: Ref;
  /** What it changed in its workspace. */
  readonly files?: FilesMade;
  /** Begin of the first try, ms since the epoch; absent where none was made. */
  readonly started?: number;
  /** End of the last try. */
  readonly ended?: number;
  /** Sum over its tries, back-off not counted; absent of a gate, where nobody worked. */
  readonly busyMs?: number;
  /** Over all tries. */
  readonly usage?: Omit<Usage, 'model'>;
  /** What answered, in this run or in the one whose result was used again, as its endpoint named it. */
  readonly model?: string;
  /** Of a re-run: where its result came from, or why it was carried out. */
  readonly reused?: Reused;
  readonly anew?: Anew;
}

/** @throws Failure `IntegrationInvalid` where the ledger would not be whole: a bug of Muster's. */
export function buildLedger(input: LedgerInput): LedgerRow[] {
  const expected = expectedOf(input.plan, input.expansions);
  const statuses = new Map(expected.map((one) => [nameOf(one), derive(one, input)]));
  const because = culprits(input, expected, (node) => statuses.get(node)?.status);
  const rows = expected.map((one): LedgerRow => {
    const node = nameOf(one);
    const { u, k: _, ...named } = one;
    const { title } = input.plan.briefs[u]!;
    const { status, reason } = statuses.get(node)!;
    const culprit = because(one);
    return {
      ...named,
      ...(title !== undefined && { title }),
      status,
      ...(reason && { reason }),
      ...(culprit !== undefined && { because: culprit }),
      ...carriedOut(input.states.get(node), input.graph.units[u]?.gate === true),
    };
  });
  checkLedger(rows, expected, input.states);
  return rows;
}

export function carriedOut(
  state: UnitState | undefined,
  asked: boolean,
): Pick<
  LedgerRow,
  | 'fallback'
  | 'redacted'
  | 'voted'
  | 'several'
  | 'tries'
  | 'ref'
  | 'files'
  | 'started'
  | 'ended'
  | 'busyMs'
  | 'usage'
  | 'model'
  | 'reused'
  | 'anew'
> {
  const tried = state?.counted.filter((row) => row.try > 0) ?? [];
  const ref = state?.final?.ref;
  const usage = totalUsage([...tried.map((row) => row.usage), ...(state?.sampled ?? [])]);
  const voted = state?.final?.voted ?? state?.counted.findLast((row) => row.voted)?.voted;
  const several = state?.final?.several ?? state?.counted.findLast((row) => row.several)?.several;
  const reused = state?.final?.reused;
  const model = reused?.model ?? state?.final?.usage?.model;
  const anew = tried.find((row) => row.anew)?.anew;
  return {
    ...(state?.final?.fallback && { fallback: state.final.fallback }),
    ...(state?.final?.redacted && { redacted: state.final.redacted }),
    ...(voted && { voted }),
    ...(several && { several }),
    tries: state?.tries ?? 0,
    ...(reused && { reused }),
    ...(anew && { anew }),
    ...(ref && { ref }),
    ...(state?.final?.files && { files: state.final.files }),
    ...(tried.length > 0 && {
      started: tried[0]!.started,
      ended: tried.at(-1)!.ended,
      ...(!asked && { busyMs: tried.reduce((sum, row) => sum + Math.max(0, row.ended - row.started), 0) }),
    }),
    ...(usage && { usage }),
    ...(model !== undefined && { model }),
  };
}

/**
 * That the ledger is whole, and that each row stands on a record of its own brief.
 * @throws Failure `IntegrationInvalid`
 */
export function checkLedger(
  rows: readonly LedgerRow[],
  expected: readonly Expected[],
  states: LedgerInput['states'],
): void {
  const labels = expected.map(labelOf);
  const wrong =
    rows.length !== labels.length
      ? `${rows.length} rows for ${labels.length} expected briefs`
      : new Set(labels).size !== labels.length
        ? 'two instances share a key'
        : (labels.find((label, n) => label !== labelOf(rows[n]!)) ??
          labels.find((label, n) => {
            const final = states.get(nameOf(expected[n]!))?.final;
            return final && labelOf(final) !== label;
          }));
  if (wrong === undefined) return;
  throw new Failure(
    'IntegrationInvalid',
    `The ledger is not what the plan expects (${wrong}). This is a bug of Muster's: please report it with the plan and the run's folder.`,
  );
}
