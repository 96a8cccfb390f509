import { CancellationScope, continueAsNew, isCancellation, sleep, workflowInfo } from '@temporalio/workflow';
import type { LoopAt, LoopInput } from '../contracts/toolLoop.js';
import type { LoopEnd, StepInput, StepResult, UnitResult } from '../contracts/unit.js';
import { after, BEGINNING, type Bounds, carriedOut } from '../core/outcome/toolLoop.js';
import { outcomeOf } from './outcomes.js';
import { activitiesOf, stepOf } from './proxies.js';

/** `unit` is asked as often in one dispatch of the run, at most; each time by another holder. */
const HOLDERS = 10_000;
/** Beyond so many events it goes on in a new history: the calls of one answer come to 2,400 at most. */
const LONG = 1_500;

/**
 * A brief whose model may call tools. Each try of it is a loop: a turn, the calls that the model wants, the next turn, until
 * it answers. `unit` says what is to be asked, and takes down what it came to; nothing is decided here.
 */
export async function toolLoop({
  input,
  unit,
  node,
  summary,
  endsAt,
  deadlineAt,
  resume,
}: LoopInput): Promise<UnitResult> {
  const cancelled = new CancellationScope({ cancellable: true, parent: CancellationScope.current() });
  const over = Math.min(endsAt ?? Infinity, deadlineAt ?? Infinity);
  const timeLeft = () => (over === Infinity ? undefined : over - Date.now());
  const limited = { ...input, ...(endsAt !== undefined && { endsAt }) };
  let holders = resume?.holders ?? 0;
  let at = resume?.at;

  /** A holder of its own each time, so what an earlier one still does cannot be taken for what this one does. */
  const ask = (loop?: LoopEnd) => {
    const dispatch = (input.dispatch - 1) * HOLDERS + ++holders;
    const ends = { ...limited, dispatch, ...(loop && { loop }) };
    return activitiesOf(unit, node, summary, timeLeft()).unit(ends) as Promise<UnitResult>;
  };
  const begin = async (): Promise<UnitResult> => {
    try {
      return await cancelled.run(() => ask());
    } catch (error) {
      return { tries: 0, ...outcomeOf<UnitResult>(error) } as UnitResult;
    }
  };
  const end = (loop: LoopEnd) =>
    ask(loop).catch((error) => ({ tries: 0, ...outcomeOf<UnitResult>(error) }) as UnitResult);

  return CancellationScope.nonCancellable(async () => {
    for (;;) {
      if (!at) {
        const begun = await begin();
        if (!begun.loop) return begun;
        at = { loop: begun.loop, since: Date.now(), standing: BEGINNING };
      }
      const done = await goOn(at);
      at = undefined;
      let ended = await end(done);
      while (ended.heldMs !== undefined) {
        const { heldMs } = ended;
        await cancelled.run(() => sleep(heldMs)).catch(() => undefined);
        ended = await end({ ...done, ...(cancelled.consideredCancelled && { cancelled: true }) });
      }
      // Another try follows once it may.
      if (ended.status !== 'not-reached') return ended;
    }
  });

  /** From where it stands to its end. */
  async function goOn({ loop, since, standing }: LoopAt): Promise<LoopEnd> {
    let now = standing;
    const done = (more: Pick<LoopEnd, 'cancelled'> = {}): LoopEnd => ({
      try: loop.try,
      since,
      turns: now.turn,
      ...more,
    });
    for (;;) {
      if (workflowInfo().historyLength > LONG && !cancelled.consideredCancelled)
        await continueAsNew<typeof toolLoop>({
          ...{
            input,
            unit,
            node,
            summary,
            ...(endsAt !== undefined && { endsAt }),
            ...(deadlineAt !== undefined && { deadlineAt }),
          },
          resume: { holders, at: { loop, since, standing: now } },
        });
      const { run, plan, u, k, dispatch } = limited;
      const step = {
        ...{ run, plan, u, ...(k !== undefined && { k }), dispatch, loop: loop.try, turn: now.turn },
        ...(endsAt !== undefined && { endsAt }),
      };
      const turn = await take(step);
      if (turn.status === 'cancelled') return done({ cancelled: true });
      const next = turn.status === 'succeeded' ? after(loop, now, turn.calls ?? 0) : undefined;
      if (!next) return done();
      const called = await allOf(carriedOut(loop, now, turn.calls ?? 0), loop, (call) =>
        take({ ...step, call }),
      );
      if (called.some(({ status }) => status === 'cancelled')) return done({ cancelled: true });
      now = next;
    }
  }

  async function take(step: StepInput): Promise<StepResult> {
    const { turn, call } = step;
    const name = `turn ${turn}${call === undefined ? '' : `, call ${call}`}`;
    const activities = stepOf(unit, `${node} ${name}`, `${summary}: ${name}`, timeLeft());
    try {
      return await cancelled.run(() => (call === undefined ? activities.turn(step) : activities.call(step)));
    } catch (error) {
      if (isCancellation(error)) return { status: 'cancelled' };
      return outcomeOf<StepResult>(error);
    }
  }
}

/** Of all calls so many at a time, in their order. */
async function allOf(
  calls: number,
  { parallel }: Bounds,
  make: (call: number) => Promise<StepResult>,
): Promise<readonly StepResult[]> {
  const ended: StepResult[] = [];
  let next = 1;
  const maker = async () => {
    while (next <= calls && !ended.some(({ status }) => status === 'cancelled'))
      ended.push(await make(next++));
  };
  await Promise.all(Array.from({ length: Math.min(parallel, calls) }, maker));
  return ended;
}
