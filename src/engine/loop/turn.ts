import { Failure, type FailureType } from '../../core/outcome/failure.js';
import { mustAnswer } from '../../core/outcome/toolLoop.js';
import { lengthOf, MAX_PROMPT } from '../../core/plan/prompt.js';
import type { AskWork } from '../../core/plan/render.js';
import type { Effect, Executor } from '../../ports/executor.js';
import { failed, handBack, hold, leave, succeeded } from '../endings.js';
import type { Effects, Ended } from '../lease.js';
import { conversation, type Turn, turnIn } from './conversation.js';
import { carryOut, openStep, type Step, type StepLease, trying } from './step.js';

/** What says something about the answer: another loop may mend it, asking the same once more would not. */
const OF_ANSWER: ReadonlySet<FailureType> = new Set<FailureType>(['OutputInvalid', 'ModelRefused']);

/** How a turn ended, and how many calls it wants. */
export type Turned = Ended & { readonly calls?: number };

/**
 * Asks the model once, with all that was said before. Where nobody answers, this turn is tried again, as often and as late
 * as the brief's `retry` says.
 * @throws Failure `StoreUnavailable`, `Superseded`
 */
export async function takeTurn(lease: StepLease, effects: Effects): Promise<Turned> {
  const step = await openStep(lease, effects);
  const { unit, start, use, of } = step;
  const ended = await carryOut(unit, async (under) => {
    const said = await conversation(effects, of, { loop: lease.number, turn: lease.turn, bounds: use });
    const work: AskWork = {
      ...start.work,
      messages: [...start.work.messages, ...said.messages],
      tools: start.tools.map(({ offered }) => offered),
      ...(mustAnswer(use, said.standing) && { answerNow: true }),
    };
    const length = lengthOf(work.messages);
    if (length > MAX_PROMPT) return failed(unit, under, tooLong(unit.label, length));
    const key = effects.digest(`${start.key} turn ${lease.turn} ${unit.log.state.generation}`);
    const executor = asTurn(unit.effects.executors.ask) as Executor;
    const tried = await trying(step, under, { work, key, executor }, noteOf(step));
    const { failure } = tried;
    if (tried.waited) return handBack(unit);
    if (!failure) return succeeded(unit, under, tried, {});
    if (failure.detail.held) return hold(unit, failure);
    if (failure.type === 'Cancelled' && lease.signal.aborted) return leave(unit, under, tried);
    return failed(unit, under, OF_ANSWER.has(failure.type) ? lasting(failure) : failure, tried);
  });
  if (ended.kind !== 'ended' || ended.result.status !== 'succeeded') return ended;
  const turn = await turnIn(effects.store, unit.log.state);
  return { ...ended, calls: turn?.calls?.length ?? 0 };
}

const noteOf = ({ lease: { turn }, use: { turns } }: Step): string => `turn ${turn} of at most ${turns}`;

/** What the model gave, as it is kept. */
const asTurn =
  (ask: Executor<AskWork>): Executor<AskWork> =>
  async (task) => {
    const { output, calls, usage } = await ask(task);
    return { output: { value: turnOf(output, calls) }, ...(usage && { usage }) };
  };

function turnOf(output: Effect['output'], calls: Effect['calls']) {
  const said: Turn = { ...output, ...(calls && { calls }) };
  return said as unknown as { [name: string]: string };
}

const lasting = ({ type, message, detail }: Failure): Failure =>
  new Failure(type, message, { ...detail, permanent: true });

const tooLong = (label: string, length: number): Failure =>
  new Failure(
    'OutputInvalid',
    `${label}: what was said by then has ${length.toLocaleString('en')} characters, over the maximum of ${MAX_PROMPT.toLocaleString('en')}. Have tools give less, or allow fewer calls.`,
    { permanent: true },
  );
