import { inBatches, priced } from '../budget/prices.js';
import { type Amount, type Limit, NOTHING, plus } from '../outcome/amount.js';
import { ANSWER_TOKENS, tokensIn } from '../plan/callCost.js';
import { modelsAsked, unpriced } from '../plan/modelsAsked.js';
import type { Brief, Plan } from '../plan/plan.js';
import { mostTries } from '../plan/retry.js';
import { modelFor, modelOf } from '../plan/tier.js';
import { certain, type Width, widths } from './widths.js';

/*
 * What models may be asked for a plan, before anybody asks one. The least: every certain brief once, short answers. The most:
 * every brief as wide and as often as it may be, with its fallback, in every round of repair and of the dearest model that it may
 * be raised to, each answer as long as it may be, or as is reckoned. What goes in batches
 * costs the batch price at the least; at the most no batch answers. Nobody knows how long
 * outputs of other briefs are: each counts as one answer.
 */
export interface Calls {
  readonly calls: Range;
  readonly tokens: Range;
  /** US dollars; absent where a model's price is not known, `unpriced` names those. */
  readonly usd?: Range;
  readonly unpriced: readonly string[];
  /** Some go in batches, at the batch price; absent: none. */
  readonly batched?: true;
  /** What the plan allows. */
  readonly budget?: Limit;
  /** What is asked beyond these: how often, nobody knows before. */
  readonly beyond: readonly Beyond[];
}
type Beyond = 'runs within it' | 'conflicts' | 'what tools give';
interface Range {
  readonly least: number;
  readonly most: number;
}

/** Of a short answer. */
const SHORT_TOKENS = 50;
/** What Muster says around a task, characters. */
const FRAME = 700;
/** Of a judge: the statement, four answers with their words. */
const JUDGE_TOKENS = 300;
/** Of the integrator's questions. */
const MOST_ASKED = 3;

interface Bill {
  readonly calls: number;
  readonly amount: Amount;
}
const NO_BILL: Bill = { calls: 0, amount: NOTHING };
const sum = (bills: readonly Bill[]): Bill =>
  bills.reduce((a, b) => ({ calls: a.calls + b.calls, amount: plus(a.amount, b.amount) }), NO_BILL);
const times = (n: number, { calls, amount: { tokens, usd } }: Bill): Bill => ({
  calls: n * calls,
  amount: { tokens: n * tokens, usd: n * usd },
});

/** Undefined of a plan that asks no model. */
export function callsOf(plan: Plan): Calls | undefined {
  const asked = modelsAsked(plan);
  const beyond: Beyond[] = [
    ...(plan.briefs.some(({ executor }) => executor.kind === 'plan') ? (['runs within it'] as const) : []),
    ...(plan.integrate.merge.some(({ conflicts }) => conflicts.some(({ kind }) => kind === 'judge'))
      ? (['conflicts'] as const)
      : []),
  ];
  if (plan.briefs.some(({ tools, fallback }) => tools ?? fallback?.tools)) beyond.push('what tools give');
  if (asked.size === 0) return undefined;
  const width = widths(plan);
  const sure = certain(plan);
  const least = sum([
    ...plan.briefs.map((brief, u) =>
      sure[u] ? times(width[u]!.least, oneTry(plan, brief, width, 'least')) : NO_BILL,
    ),
    integrator(plan, 'least'),
  ]);
  const most = times(
    1 + (plan.integrate.repairs ?? 0),
    sum([
      ...plan.briefs.map((brief, u) => times(width[u]!.most, allTries(plan, brief, width))),
      integrator(plan, 'most'),
    ]),
  );
  const unknown = unpriced(plan);
  const { usd, tokens } = plan.limits.budget ?? {};
  const limit = { ...(usd !== undefined && { usd }), ...(tokens !== undefined && { tokens }) };
  return {
    calls: { least: least.calls, most: most.calls },
    tokens: { least: least.amount.tokens, most: most.amount.tokens },
    ...(unknown.length === 0 && { usd: { least: least.amount.usd, most: most.amount.usd } }),
    unpriced: unknown,
    ...(plan.briefs.some(({ batch }) => batch) && { batched: true as const }),
    ...(Object.keys(limit).length > 0 && { budget: limit }),
    beyond,
  };
}

type Bound = keyof Range;

/** Those of its fallback as well; where tries are raised, each of the dearest model that may be asked by then. */
function allTries(plan: Plan, { fallback, ...brief }: Brief, width: readonly Width[]): Bill {
  const tries = Array.from({ length: mostTries(brief) }, (_, raised) => {
    const bills = (brief.retry.escalate ? upTo(raised) : [0]).map((by) =>
      oneTry(plan, brief, width, 'most', by),
    );
    return bills.reduce((a, b) => (b.amount.usd > a.amount.usd ? b : a));
  });
  return sum([...tries, ...(fallback ? [allTries(plan, fallback, width)] : [])]);
}
const upTo = (n: number): readonly number[] => Array.from({ length: n + 1 }, (_, i) => i);

function oneTry(plan: Plan, brief: Brief, width: readonly Width[], bound: Bound, raised = 0): Bill {
  const answer = bound === 'least' ? SHORT_TOKENS : (brief.maxTokens ?? ANSWER_TOKENS);
  const own = brief.executor.kind === 'ask' ? asks(plan, brief, width, { bound, answer, raised }) : NO_BILL;
  const judges = brief.accept.flatMap((one) =>
    one.kind === 'judge' ? [call(plan, modelOf(plan, one.model), answer + JUDGE_TOKENS, JUDGE_TOKENS)] : [],
  );
  return sum([own, times(brief.variants?.samples ?? 1, sum(judges))]);
}

function asks(
  plan: Plan,
  brief: Brief,
  width: readonly Width[],
  { bound, answer, raised }: { readonly bound: Bound; readonly answer: number; readonly raised: number },
): Bill {
  const { vote, variants, tools, perspectives } = brief;
  const { model } = modelFor(plan, brief, raised);
  const input = promptTokens(plan, brief, width, bound);
  // Of each turn before, what it called and was told, each as one answer.
  if (tools && bound === 'most')
    return sum(
      Array.from({ length: tools.turns }, (_, n) => call(plan, model, input + 2 * n * answer, answer)),
    );
  const models = vote?.models?.map((one) => modelOf(plan, one)) ?? [model];
  const samples = Array.from({ length: timesAsked(brief, bound) }, (_, n) =>
    call(plan, models[n % models.length]!, input, answer, brief.batch !== undefined && bound === 'least'),
  );
  const ranking =
    variants?.rank && call(plan, modelOf(plan, variants.rank.model), variants.samples * answer, SHORT_TOKENS);
  // What was said from each viewpoint is before whoever brings it together.
  const together = perspectives && call(plan, model, input + perspectives.views.length * answer, answer);
  return sum([...samples, ...(ranking ? [ranking, ranking] : []), ...(together ? [together] : [])]);
}

/** In one try. */
function timesAsked({ vote, variants, perspectives }: Brief, bound: Bound): number {
  if (vote) return bound === 'most' || vote.stop === 'never' ? vote.samples : fewest(vote);
  return variants?.samples ?? perspectives?.views.length ?? 1;
}

/** So many that agree from the first close a vote. */
const fewest = ({ samples, quorum = 0 }: NonNullable<Brief['vote']>): number =>
  Math.max(quorum, Math.floor(samples / 2) + 1);

function integrator(plan: Plan, bound: Bound): Bill {
  const often = bound === 'least' ? 1 : MOST_ASKED;
  const answer = bound === 'least' ? JUDGE_TOKENS : ANSWER_TOKENS;
  const judged = plan.requirements.flatMap(({ check }) =>
    check?.kind === 'judge'
      ? [times(often, call(plan, modelOf(plan, check.model), answer, JUDGE_TOKENS))]
      : [],
  );
  const { synthesize } = plan.integrate;
  const written = (synthesize?.sections ?? []).map(() =>
    times(
      bound === 'least' ? 1 : 1 + synthesize!.rounds,
      call(
        plan,
        modelOf(plan, synthesize!.model),
        bound === 'least' ? tokensIn(FRAME) : tokensIn(synthesize!.window),
        bound === 'least' ? SHORT_TOKENS : ANSWER_TOKENS,
      ),
    ),
  );
  return sum([...judged, ...written]);
}

function call({ prices = {} }: Plan, model: string, input: number, output: number, batched = false): Bill {
  const price = prices[model];
  return { calls: 1, amount: priced(input, output, batched && price ? inBatches(price) : price) };
}

/** What a brief is shown: its texts as they are written, the files it names, and its needs at an answer each. */
function promptTokens(plan: Plan, brief: Brief, width: readonly Width[], bound: Bound): number {
  const { executor, scope = '', constraints, output, role } = brief;
  const text = executor.kind === 'ask' ? executor.text : '';
  const said = [text, scope, ...constraints, plan.roles?.[role ?? '']?.prompt ?? ''];
  const schema = output ? 2 * JSON.stringify(output).length : 0;
  const files = brief.files.reduce((all, name) => all + sizeOf(plan, brief, name, bound), 0);
  const needs = brief.context.reduce((all, id) => all + width[at(plan, id)]![bound], 0);
  return (
    tokensIn(FRAME + said.reduce((all, { length }) => all + length, 0) + schema + files) +
    needs * (bound === 'least' ? SHORT_TOKENS : ANSWER_TOKENS)
  );
}

const at = ({ briefs }: Plan, id: string): number => briefs.findIndex((brief) => brief.id === id);

/** Bytes of an input that is named, or of the item, which is one file of those that it fans out over. */
function sizeOf({ inputs }: Plan, { forEach }: Brief, name: string, bound: Bound): number {
  const all = inputs[name];
  if (all) return all.reduce((bytes, { size }) => bytes + size, 0);
  const over = forEach?.source.kind === 'in' ? /^inputs\.(\w+)$/.exec(forEach.source.cel)?.[1] : undefined;
  const sizes = (over === undefined ? undefined : inputs[over])?.map(({ size }) => size) ?? [];
  if (sizes.length === 0) return 0;
  return bound === 'least' ? Math.min(...sizes) : Math.max(...sizes);
}
