import type { ToRepair } from '../contracts/run.js';
import type { RunName } from '../contracts/unit.js';
import type { UnitGraph } from '../core/graph/units.js';
import { coverageOf, judgedAlso } from '../core/integrate/coverage.js';
import type { LedgerInput } from '../core/integrate/expected.js';
import type { Facts } from '../core/integrate/facts.js';
import type { LedgerRow } from '../core/integrate/ledger.js';
import { type Answer, answerOf, draftOf } from '../core/integrate/report.js';
import type { Widths } from '../core/integrate/wide/apart.js';
import type { Scratch } from '../core/integrate/wide/scratch.js';
import { canonicalWithin, type Json, MAX_DEPTH } from '../core/outcome/canonical.js';
import { expecting, Failure } from '../core/outcome/failure.js';
import type { Plan } from '../core/plan/plan.js';
import type { Depot, Depots } from '../ports/trees.js';
import type { InterviewEffects } from './answered.js';
import { deliveredOf } from './delivered.js';
import { inputTexts } from './inputTexts.js';
import { integrateFiles } from './integrateFiles.js';
import { type Interview, interviewOf } from './interview.js';
import { choicesOf, judgementsOf } from './judges.js';
import { askOfIntegrator } from './payers.js';
import { reductionsOf } from './reductions.js';
import { isFoundByCode, type Mending } from './repairs.js';
import { setApart } from './setApart.js';
import { proseOf } from './synthesis.js';
import { verify } from './verify.js';

export interface IntegrateEffects extends InterviewEffects {
  /** Where trees of workspaces are merged. */
  readonly depots: Depots;
  /** Where what is integrated lies meanwhile. */
  readonly scratch: Scratch;
  /** How much the report holds; absent: as much as can be read. */
  readonly widths?: Widths;
}

interface Asked {
  readonly run: RunName;
  readonly plan: Plan;
  readonly graph: UnitGraph;
  readonly depot?: Depot;
  /** `integrate.verify` is not the command that the run's own plan has. */
  readonly otherCommand?: boolean;
}

interface Answered extends Pick<Facts, 'answer' | 'files' | 'integrator'> {
  /** As the store can bear it out. */
  readonly ledger: readonly LedgerRow[];
  /** What `answer` is the digest of. */
  readonly whole: Answer;
  /** What was sent back, round by round. */
  readonly rounds: ReturnType<Interview['rounds']>;
}

type Given = [
  asked: Asked,
  rows: readonly LedgerRow[],
  expansions: LedgerInput['expansions'],
  effects: IntegrateEffects,
];

/** What goes back to briefs before there is an answer. */
type Mend = (found: Mending) => Promise<ToRepair | undefined>;

/** What the answer adds around the values of briefs. */
const WRAPPED = 20;

/**
 * What the rules of a plan make of what its briefs came to.
 * @throws Failure `StoreUnavailable`, `ContractViolation`; `Cancelled` where the signal aborts while somebody is asked
 */
export function answerTo(...given: Given): Promise<Answered>;
export function answerTo(...given: [...Given, mend: Mend]): Promise<Answered | ToRepair>;
export async function answerTo(
  asked: Asked,
  rows: readonly LedgerRow[],
  expansions: LedgerInput['expansions'],
  effects: IntegrateEffects,
  mend: Mend = async () => undefined,
): Promise<Answered | ToRepair> {
  const { run, plan, graph, depot } = asked;
  const { store, digest, scratch } = effects;
  const room = { scratch, digest };
  const { ledger, outputs } = await deliveredOf(store, digest, rows, scratch);
  const trees = depot && (await integrateFiles({ store, digest, plan }, depot, ledger, expansions));
  const texts = await inputTexts(store, plan);
  const interview = await interviewOf(run.first, graph.concurrency, {
    ...effects,
    executors: { ...effects.executors, ask: askOfIntegrator(effects, run.first, plan) },
  });
  const decided = {
    reductions: await reductionsOf(plan, outputs, interview, room),
    choices: await choicesOf(plan, outputs, interview, room),
  };
  const draft = draftOf({
    ...{ plan, ledger, outputs },
    ...(trees && { files: trees.files }),
    ...(texts && { texts }),
    ...{ decided, room },
  });
  const found = coverageOf(draft);
  const early = await mend({ draft, requirements: found.filter(isFoundByCode(plan)), interview });
  if (early) return early;
  const prose = await proseOf(draft, interview, digest);
  const phrased = { ...draft, ...(prose && { prose }) };
  const judgements = await judgementsOf(phrased, interview, digest);
  const requirements = judgedAlso(found, judgements);
  const late = await mend({ draft, requirements, interview });
  if (late) return late;
  const told = await setApart(answerOf(phrased, requirements), plan, effects, effects.widths);
  const whole = await verified(told, asked, interview, effects);
  const integrator = interview.asked();
  return {
    ...{ ledger, whole, answer: digest(textOf(whole)), rounds: interview.rounds() },
    ...(trees?.made && { files: trees.made }),
    ...(integrator && { integrator }),
  };
}

async function verified(
  answer: Answer,
  { plan, depot, otherCommand = false }: Asked,
  interview: Interview,
  { digest }: IntegrateEffects,
): Promise<Answer> {
  const argv = plan.integrate.verify;
  if (!argv) return answer;
  // A tree that makes no folder cannot be verified in one; the report says so.
  const space = await depot?.open(answer.files!.tree, plan.base!.within).catch(expecting('OutputInvalid'));
  if (space instanceof Failure) return { ...answer, verified: { holds: false, finding: space.message } };
  const cwd = space?.within ?? plan.folder;
  const question = { argv, stdin: textOf(answer), other: otherCommand, ...(cwd !== undefined && { cwd }) };
  try {
    return { ...answer, verified: await verify(question, interview, digest) };
  } finally {
    await space?.remove();
  }
}

/** An answer is plain JSON by construction; its types only name the keys more closely than `Json` does. */
const textOf = (answer: Answer): string => canonicalWithin(MAX_DEPTH + WRAPPED, answer as unknown as Json);
