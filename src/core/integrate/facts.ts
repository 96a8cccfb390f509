import type { Spent } from '../budget/spent.js';
import { nameOf } from '../graph/node.js';
import { plannedWaves } from '../graph/waves.js';
import { suspects, type UnitState } from '../outcome/fold.js';
import type { RunStatus, Status, Usage } from '../outcome/outcome.js';
import type { Anew, FilesMade, Reused } from '../outcome/rows.js';
import type { Patch } from '../plan/plan.js';
import type { ClosingNote } from '../schedule/closing.js';
import { type Bounds, boundsOf } from './bounds.js';
import { expectedOf, type LedgerInput, labelOf } from './expected.js';
import type { LedgerRow } from './ledger.js';
import { type Answering, modelsOf } from './models.js';
import type { SentBack } from './sentBack.js';
import { totalUsage } from './usage.js';

/** How a run went: `run` of the report. Times are ms since the epoch, durations ms. */
export interface Facts {
  readonly id: string;
  /** First execution run id. */
  readonly first: string;
  /** Digest of the stored plan. */
  readonly plan: string;
  readonly status: RunStatus;
  /** `salvaged`: put together from the log of a run that did not come to its end. */
  readonly ending: ClosingNote['reason'] | 'salvaged';
  /** Digest of `answer`. */
  readonly answer: string;
  readonly started: number;
  readonly ended: number;
  readonly wallMs: number;
  /** What the briefs would have taken one after the other: the sum over their tries. */
  readonly sumMs: number;
  /** `sumMs` by `wallMs`. */
  readonly ratio: number;
  /** Briefs and instances carried out. */
  readonly agents: number;
  readonly counts: { readonly [S in Status]?: number };
  readonly tries: number;
  /** Of a re-run: id of the run whose results were used again. */
  readonly rerunOf?: string;
  /** What was changed of the plan while it went on, in order; absent: nothing. */
  readonly patches?: readonly Patch[];
  /** Briefs and instances whose result was used again. */
  readonly reused: number;
  /** Briefs and instances whose first holder fell silent: its worker died or was not heard of. */
  readonly takenUpAgain: number;
  /** Where the merged tree is stored, as changes to what workspaces began with; absent where the plan has none. */
  readonly files?: FilesMade;
  /** By which other rules it was integrated once it was over; absent: by its own. */
  readonly integrated?: OtherRules;
  readonly usage?: Omit<Usage, 'model'>;
  /** What models took, with calls that came to nothing or that nobody heard of again; absent where none was called. */
  readonly spent?: Spent;
  /** What the integrator asked of commands, functions and models; its tokens are in `usage` too. Absent: nothing. */
  readonly integrator?: Asked;
  /** What the integrator sent back to briefs, round by round; absent: nothing. */
  readonly repairs?: readonly (readonly Returned[])[];
  /** What answered the briefs that asked a model, most briefs first; absent where none did. */
  readonly models?: readonly Answering[];
  readonly boundedBy?: Bounds;
  /** Labels, wave by wave, as built from the plan. */
  readonly waves: readonly (readonly string[])[];
  /** One for each ledger row, in its order. */
  readonly briefs: readonly Timing[];
}

export interface Asked {
  readonly questions: number;
  readonly tries: number;
  readonly usage?: Pick<Usage, 'inputTokens' | 'outputTokens'>;
  /** As their endpoints named them. */
  readonly models?: readonly string[];
}

export interface OtherRules {
  /** Digest of the stored plan that has them: `plan`, with what they say in place of its own. */
  readonly plan: string;
  /** As it was named. */
  readonly file?: string;
}

interface Timing {
  readonly label: string;
  readonly status: Status;
  readonly tries: number;
  readonly started?: number;
  readonly ended?: number;
  readonly busyMs?: number;
  readonly usage?: Omit<Usage, 'model'>;
  readonly model?: string;
  readonly reused?: Reused;
  readonly anew?: Anew;
}

/** A brief or instance that was to be carried out once more. */
export interface Returned {
  readonly label: string;
  /** What was wrong with what it had delivered. */
  readonly findings: readonly string[];
  /** It was not: the run ended before. */
  readonly undone?: true;
}

export interface FactsInput extends LedgerInput {
  readonly ledger: readonly LedgerRow[];
  readonly named: Pick<Facts, 'id' | 'first' | 'plan' | 'answer' | 'status' | 'rerunOf' | 'files'>;
  /** When the run was opened; absent: when its first brief began. */
  readonly opened?: number;
  readonly now: number;
  readonly integrator?: Asked;
  readonly spent?: Spent;
  readonly rounds?: readonly (readonly SentBack[])[];
}

export function factsOf(input: FactsInput): Facts {
  const {
    plan,
    graph,
    expansions,
    states,
    note,
    ledger,
    named,
    opened,
    now,
    integrator,
    spent,
    rounds = [],
  } = input;
  const expected = expectedOf(plan, expansions);
  const begins = ledger.flatMap(({ started }) => started ?? []);
  const started = opened ?? begins.reduce((first, begin) => Math.min(first, begin), now);
  const wallMs = Math.max(0, now - started);
  const sumMs = ledger.reduce((sum, { busyMs = 0 }) => sum + busyMs, 0);
  const usage = totalUsage([...ledger.map((row) => row.usage), integrator?.usage]);
  const models = modelsOf(ledger);
  const patches = (plan.patches ?? []).filter(({ run }) => run === named.first);
  const boundedBy = boundsOf(graph, ledger, expected, started, note?.reason);
  return {
    ...named,
    ending: note?.reason ?? 'salvaged',
    started,
    ended: now,
    wallMs,
    sumMs,
    ratio: wallMs === 0 ? 1 : Math.round((100 * sumMs) / wallMs) / 100,
    agents: begins.length,
    counts: countsOf(ledger),
    tries: ledger.reduce((sum, { tries }) => sum + tries, 0),
    reused: ledger.filter((row) => row.reused).length,
    takenUpAgain: expected.filter((one) => wasTakenUpAgain(states.get(nameOf(one)))).length,
    ...(usage && { usage }),
    ...(spent && { spent }),
    ...(integrator && { integrator }),
    ...(rounds.length > 0 && {
      repairs: rounds.map((sent, n) => sent.map((one) => returned(one, n + 1, states.get(nameOf(one))))),
    }),
    ...(models.length > 0 && { models }),
    ...(boundedBy && { boundedBy }),
    ...(patches.length > 0 && { patches }),
    waves: plannedWaves(graph).map((wave) => wave.map((u) => plan.briefs[u]!.id)),
    briefs: ledger.map(timing),
  };
}

/** A round is on record before anybody hears of it: only whose own log says so took it up. */
const returned = ({ label, findings }: SentBack, round: number, state: UnitState | undefined): Returned => ({
  ...{ label, findings },
  ...((state?.sentBack ?? 0) < round && { undone: true }),
});

function wasTakenUpAgain(state: UnitState | undefined): boolean {
  const last = state?.holders.at(-1);
  return state !== undefined && last !== undefined && suspects(state, last.holder) > 0;
}

export function countsOf(ledger: readonly { readonly status: Status }[]): {
  readonly [S in Status]?: number;
} {
  const counts: { [S in Status]?: number } = {};
  for (const { status } of ledger) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

function timing(row: LedgerRow): Timing {
  const { status, tries, started, ended, busyMs, usage, model, reused, anew } = row;
  return {
    label: labelOf(row),
    status,
    tries,
    ...(started !== undefined && { started }),
    ...(ended !== undefined && { ended }),
    ...(busyMs !== undefined && { busyMs }),
    ...(usage && { usage }),
    ...(model !== undefined && { model }),
    ...(reused && { reused }),
    ...(anew && { anew }),
  };
}
