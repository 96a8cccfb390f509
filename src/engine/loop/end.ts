import type { LoopEnd } from '../../contracts/unit.js';
import { nameOf } from '../../core/graph/node.js';
import { Failure, type FailureType } from '../../core/outcome/failure.js';
import type { Usage } from '../../core/outcome/outcome.js';
import type { Content, OutcomeRow } from '../../core/outcome/rows.js';
import type { Executor } from '../../ports/executor.js';
import { readValue } from '../artifacts.js';
import { failed, handBack, hold, leave, stopped, succeeded } from '../endings.js';
import type { Ended } from '../lease.js';
import { makeTry } from '../makeTry.js';
import type { Prepared } from '../prepare.js';
import { filesWritten, offer } from '../reuse.js';
import type { Unit } from '../unit.js';
import type { Turn } from './conversation.js';
import { courseOf } from './course.js';

/** How a loop ended. */
interface Ending {
  /** Of all turns, with how many there were. */
  readonly usage: Usage;
  /** The last one. */
  readonly turn?: Turn;
  /** Where that is none: how it ended. */
  readonly broke?: OutcomeRow;
  /** The last that the model said. */
  readonly text?: string;
}

/**
 * Takes what a loop came to for what the try brought: judged by what is asked of the brief's output, and recorded.
 * @throws Failure `StoreUnavailable`, `Superseded`
 */
export async function endLoop(
  unit: Unit,
  { bindings }: Prepared,
  work: NonNullable<Prepared['work']>,
  { content, loop }: { readonly content: Content; readonly loop: LoopEnd },
): Promise<Ended> {
  const { lease, effects, log } = unit;
  const under = { number: loop.try, started: loop.since };
  const ending = await endingOf(unit, loop);
  const tried = await makeTry(unit, {
    ...under,
    bindings,
    work: work.told,
    key: effects.digest(`loop ${loop.try} of ${nameOf(lease)} of ${lease.run.first}`),
    executor: answering(loop, ending),
  });
  const { failure } = tried;
  if (tried.waited) return handBack(unit);
  if (failure?.detail.held) return hold(unit, failure);
  if (lease.signal.aborted) return leave(unit, under, tried);
  if (failure?.type === 'Cancelled') return stopped(unit, under, failure, tried);
  if (failure) return failed(unit, under, failure, tried);
  const wrote = await filesWritten(unit, bindings);
  const ended = await succeeded(unit, under, tried, { content, ...(wrote !== undefined && { wrote }) });
  if (!log.state.final?.fallback) await offer(unit, content);
  return ended;
}

async function endingOf(
  { lease, effects: { store } }: Unit,
  { try: number, turns }: LoopEnd,
): Promise<Ending> {
  const at = { run: lease.run.first, unit: nameOf(lease) };
  const { states, said, usage } = await courseOf(store, at, number, turns);
  const last = states.at(-1)?.final;
  const turn = said.at(-1);
  const partial = !turn && last?.ref ? await readValue(store, last.ref) : undefined;
  const text = typeof partial === 'string' ? partial : said.findLast((one) => one?.text)?.text;
  return {
    usage,
    ...(turn && { turn }),
    ...(!turn && last && { broke: last }),
    ...(text !== undefined && { text }),
  };
}

/** Of these another loop may bring something better. Any other the turn was tried again for, as often as it may be. */
const OF_ANSWER: ReadonlySet<FailureType> = new Set<FailureType>(['OutputInvalid', 'ModelRefused']);

/** The loop is over: what it came to is the effect. */
const answering =
  ({ cancelled, turns }: LoopEnd, { usage, turn, broke, text }: Ending): Executor =>
  async ({ label }) => {
    const left = { usage, ...(text !== undefined && { partial: text }) };
    if (cancelled || broke?.status === 'cancelled')
      throw new Failure('Cancelled', `${label} was cancelled in its turn ${(usage.turns ?? 0) + 1}.`, left);
    if (broke) {
      const { type, message } = broke.reason!;
      // What is said beside calls is no beginning of an answer, as it would be taken for of one that came too late.
      const had = type === 'TimedOut' ? { usage } : left;
      throw new Failure(type, message, { ...had, ...(!OF_ANSWER.has(type) && { permanent: true }) });
    }
    if (!turn)
      throw new Failure(
        'TimedOut',
        `${label}: its turn ${turns} was taken up by no worker, or by none that could end it. Start more workers, and see their logs.`,
        { usage, permanent: true },
      );
    if (turn.calls)
      throw new Failure(
        'OutputInvalid',
        `${label} came to no answer in ${usage.turns} turns and ${usage.calls} calls of tools, all that it may have. Allow it more under \`tools\`, or ask for less.`,
        left,
      );
    const { value, text: said = '' } = turn;
    return { output: value === undefined ? { text: said } : { value }, usage };
  };
