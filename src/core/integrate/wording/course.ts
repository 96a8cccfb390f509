import { amountInWords, spentOf } from '../../budget/words.js';
import { STATUSES } from '../../outcome/outcome.js';
import { asksModel } from '../../plan/asking.js';
import type { Plan } from '../../plan/plan.js';
import type { Facts, Returned } from '../facts.js';
import type { Report } from '../report.js';
import { anewInWords, counted, duration, tallyOf } from '../words.js';
import { bounded } from './bounds.js';
import type { Ink } from './ink.js';

const NAMED = 8;

/** How a run went, as pairs of what and how: status, time and what bounded it, tries, cost. What is not known is left out. */
export function courseOf<T>(
  { run }: Report,
  plan: Plan,
  ink: Ink<T>,
): readonly (readonly [what: string, said: T])[] {
  const { say, code } = ink;
  const { peakMemory } = run.usage ?? {};
  const rows: readonly (readonly [string, T | undefined])[] = [
    ['Status', say`${run.status} (${ENDINGS[run.ending]})`],
    ['Time', say`${duration(run.wallMs)}, from ${instant(run.started)} to ${instant(run.ended)}`],
    [
      'Sum of briefs',
      say`${duration(run.sumMs)}, as if one came after the other: ${run.ratio} × the time it took`,
    ],
    ['Bounded by', run.boundedBy && bounded(run.boundedBy, plan.limits.concurrency, ink)],
    [
      'Briefs',
      say`${counted(run.briefs.length, 'expected brief')}, ${run.agents} carried out: ${counts(run)}`,
    ],
    ['Tries', say`${tries(run)}`],
    ['Re-run of', run.rerunOf === undefined ? undefined : code(run.rerunOf)],
    ['Patched', patched(run, ink)],
    ['Integrated again', byOtherRules(run, ink)],
    ['Used again', run.reused === 0 ? undefined : say`${counted(run.reused, 'result')}`],
    ['Carried out because', whyAnew(run, ink)],
    ['Answered by', answeredBy(run, plan, ink)],
    ['Sent back', sentBack(run, ink)],
    ['Asked by the integrator', asked(run, ink)],
    ['Cost', cost(run, ink)],
    ['Models', calls(run, plan, ink)],
    [
      'Peak memory of one brief',
      peakMemory === undefined ? undefined : say`${Math.ceil(peakMemory / 2 ** 20)} MB`,
    ],
    ['Run', code(run.id)],
    ['Answer', say`${code(run.answer)} (SHA-256: the same outcomes give the same)`],
  ];
  return rows.flatMap(([what, said]) => (said === undefined ? [] : [[what, said] as const]));
}

function byOtherRules<T>({ integrated }: Facts, { say, code }: Ink<T>): T | undefined {
  if (!integrated) return undefined;
  const rules = integrated.file === undefined ? 'a program' : code(integrated.file);
  return say`once it was over, by the rules of ${rules}, as plan ${code(integrated.plan)}; no brief was carried out for it`;
}

const ENDINGS = {
  completed: 'the run came to its end',
  failed: 'stopped at a failure',
  cancelled: 'cancelled by a person',
  deadline: "stopped at the run's deadline",
  salvaged: 'put together from the log of a run that did not come to its end',
} as const;

export const instant = (ms: number): string =>
  `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** `199 succeeded · 1 missing`, in the order of the vocabulary. */
export const counts = ({ counts }: Pick<Facts, 'counts'>): string =>
  STATUSES.flatMap((status) => (counts[status] ? [`${counts[status]} ${status}`] : [])).join(' · ');

function tries({ tries, briefs, takenUpAgain }: Facts): string {
  const more = briefs.filter((brief) => brief.tries > 1).length;
  const again =
    takenUpAgain > 0 ? `; ${counted(takenUpAgain, 'brief')} taken up again after a worker fell silent` : '';
  return `${tries}, ${more === 0 ? 'none of them a second one' : `${counted(more, 'brief')} with more than one`}${again}`;
}

function patched<T>({ patches = [] }: Facts, { say, code, joined }: Ink<T>): T | undefined {
  const said = patches.map(({ at, changed, added, removed, plan }) => {
    const ids = (word: string, all: readonly string[]): T[] =>
      all.length === 0
        ? []
        : [say`${word} ${joined(all.slice(0, NAMED).map(code), ', ')}${all.length > NAMED ? ', …' : ''}`];
    const parts = [
      ...ids(
        'changed',
        changed.map(({ id }) => id),
      ),
      ...ids('added', added),
      ...ids('took out', removed),
      ...ids('and of the plan', plan),
    ];
    return say`at ${instant(at)}, ${joined(parts, '; ')}`;
  });
  return said.length === 0 ? undefined : joined(said, '. ');
}

/** `12 were not done there · 3 differ in argv`. */
function whyAnew<T>({ briefs }: Facts, { say, joined }: Ink<T>): T | undefined {
  const counts = tallyOf(briefs.flatMap(({ anew }) => (anew ? [anewInWords(anew)] : [])));
  if (counts.size === 0) return undefined;
  return joined(
    [...counts].map(([why, n]) => say`${why}: ${n}`),
    ' · ',
  );
}

/** Undefined where models were asked, and none has said its name. */
function answeredBy<T>(
  { models = [], usage }: Facts,
  plan: Plan,
  { say, code, joined }: Ink<T>,
): T | undefined {
  const names = models.map(
    ({ model, briefs, simulated }) =>
      say`${code(model)} (${counted(briefs, 'brief')}${simulated ? ', simulated' : ''})`,
  );
  if (names.length > 0) return joined(names, ' · ');
  const asks = asksModel(plan).length > 0 || plan.briefs.some(({ executor }) => executor.kind === 'plan');
  return asks || usage?.inputTokens !== undefined ? undefined : say`no model: the plan asks none`;
}

/** Which briefs got what was found wrong with their results, round by round, and which were to get it. */
function sentBack<T>({ repairs = [] }: Facts, { say, brief, some, joined }: Ink<T>): T | undefined {
  const labels = (all: readonly Returned[]): T =>
    some(
      all.map(({ label }) => label),
      brief,
    );
  const got = repairs.map((sent) => sent.filter(({ undone }) => !undone)).filter(({ length }) => length > 0);
  const left = repairs.flat().filter(({ undone }) => undone);
  const parts = [
    ...(got.length > 0 ? [say`${joined(got.map(labels), '; then ')}, with what was found wrong`] : []),
    ...(left.length > 0
      ? [say`${labels(left)} ${left.length === 1 ? 'was' : 'were'} to be, but the run ended before`]
      : []),
  ];
  return parts.length > 0 ? joined(parts, '; ') : undefined;
}

function asked<T>({ integrator }: Facts, { say, code, joined }: Ink<T>): T | undefined {
  if (!integrator) return undefined;
  const { questions, tries, models = [] } = integrator;
  const by = models.length > 0 ? say`, answered by ${joined(models.map(code), ', ')}` : say``;
  return say`${counted(questions, 'question')} in ${tries} ${tries === 1 ? 'try' : 'tries'}${by}`;
}

/** What was measured of it: tokens, and time of processors. Nothing was measured where nobody told. */
function cost<T>({ usage, models = [], integrator }: Facts, ink: Ink<T>): T {
  const { say, joined } = ink;
  const spent = tokens(usage, ink);
  const { cpuSeconds } = usage ?? {};
  const parts: T[] = [];
  if (spent !== undefined) parts.push(say`tokens: ${spent}`);
  else if (models.length > 0 || integrator?.models) parts.push(say`tokens: not told by who answered`);
  if (usage?.turns !== undefined)
    parts.push(say`with tools: ${counted(usage.turns, 'turn')} and ${counted(usage.calls ?? 0, 'call')}`);
  if (cpuSeconds !== undefined) parts.push(say`processor time: ${duration(cpuSeconds * 1_000)}`);
  return parts.length > 0 ? joined(parts, ' · ') : say`neither tokens nor processor time were told of`;
}

/** `212 calls · $0.42 of $5.00 allowed, by prices of 2026-03-21`. Undefined where none was called. */
function calls<T>({ spent }: Facts, { prices = {} }: Plan, { say, joined }: Ink<T>): T | undefined {
  if (!spent) return undefined;
  const { calls, guessed, open, limit, batched, unbatched } = spent;
  const days = [...new Set(Object.values(prices).flatMap(({ asOf }) => asOf ?? []))].sort();
  const by = days.length > 0 && spent.usd > 0 ? `, by prices of ${days[0]}` : '';
  const unheard = guessed + open;
  const parts = [
    `${counted(calls, 'call')}${batched ? `, ${batched.toLocaleString('en-US')} of them in batches` : ''}`,
    `${limit ? `${spentOf(spent, limit)} allowed` : amountInWords(spent)}${by}`,
    ...(unheard > 0
      ? [
          `${counted(unheard, 'call')} as expected, for nobody said what ${unheard === 1 ? 'it' : 'they'} took`,
        ]
      : []),
    ...(unbatched === undefined ? [] : [`not in batches: ${unbatched}`]),
  ];
  return joined(
    parts.map((part) => say`${part}`),
    ' · ',
  );
}

export function tokens<T>(usage: Facts['usage'], { say }: Ink<T>): T | undefined {
  const parts = [
    usage?.inputTokens !== undefined && `${usage.inputTokens.toLocaleString('en-US')} in`,
    usage?.outputTokens !== undefined && `${usage.outputTokens.toLocaleString('en-US')} out`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? say`${parts.join(', ')}` : undefined;
}
