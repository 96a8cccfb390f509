import { WAITING_MS } from '../contracts/unit.js';
import { totalUsage } from '../core/integrate/usage.js';
import type { Json } from '../core/outcome/canonical.js';
import { Failure, unforeseen } from '../core/outcome/failure.js';
import type { Usage } from '../core/outcome/outcome.js';
import type { FilesMade } from '../core/outcome/rows.js';
import type { Several } from '../core/outcome/several.js';
import type { Voted } from '../core/outcome/voted.js';
import type { Bindings } from '../core/plan/bindings.js';
import type { Work } from '../core/plan/render.js';
import type { Clock } from '../ports/clock.js';
import type { Executor, Progress } from '../ports/executor.js';
import { accept, outputOf } from './accept.js';
import { type Accepting, acceptingOf } from './accepting.js';
import { type Encoded, encodeValue } from './artifacts.js';
import { countdown, onSilence, stoppable } from './stop.js';
import type { Unit } from './unit.js';

interface TryInput {
  readonly bindings: Bindings;
  readonly work: Work;
  readonly key: string;
  readonly number: number;
  readonly executor: Executor;
  /** What the executor gives was accepted there. */
  readonly accepted?: boolean;
  /** Instead of the unit's own: runs the commands, and asks the models, that accept or reject an output. */
  readonly accepting?: Accepting;
  /** Told how far it is. */
  readonly doing?: (what: 'running' | 'accepting', progress?: Progress) => void;
  /** Of a try in a workspace: the folder that is judged. */
  readonly folder?: string;
  /** Keeps what an accepted try left in its workspace. @throws Failure `OutputInvalid` where that will not do */
  readonly keepFiles?: (signal: AbortSignal) => Promise<FilesMade>;
}

/** What a try came to. Without `failure`, its output is good. */
export interface Tried {
  readonly failure?: Failure;
  /** The output, or what there was of one. */
  readonly output?: Encoded;
  /** The output met a cap: it is all there will be, but not all there was. */
  readonly truncated?: boolean;
  readonly usage?: Usage;
  readonly voted?: Voted;
  readonly several?: Several;
  readonly files?: FilesMade;
  /** It waited for a provider for as long as a unit may be held: it says nothing, and is made by who has the unit next. */
  readonly waited?: true;
  /** Of a failure: the effect had come to its end before. */
  readonly tookPlace?: boolean;
}

/**
 * The effect, and whether its output is good enough; all of it within the time a try has.
 * @throws Failure `StoreUnavailable`, `Superseded`: those say nothing about the try.
 */
export async function makeTry(unit: Unit, given: TryInput): Promise<Tried> {
  const { plan, brief, label, lease, endsAt } = unit;
  const { clock, digest } = unit.effects;
  const { bindings, work, key, number, folder } = given;
  const tell = given.doing ?? (() => {});
  const left = endsAt - clock.now();
  const late = (limit: 'within' | 'timeout', ms: number) => ({
    ms,
    late: () => tooLong(label, [limit, limit === 'within' ? (brief.withinMs ?? 0) : ms]),
  });
  let output: Json | undefined;
  let usage: Usage | undefined;
  let voted: Voted | undefined;
  let several: Several | undefined;
  let tookPlace = false;
  let doing: 'running' | 'accepting' | 'nothing' = 'running';
  let waited = false;
  try {
    return await stoppable(
      {
        ...{ clock, outer: lease.signal, ...late('timeout', brief.timeoutMs) },
        ...(left < Infinity && { atMost: late('within', left) }),
      },
      async (signal, stop, pause) => {
        const silence = onSilence(clock, brief.stallMs, () => stop(tooQuiet(label, brief.stallMs!)));
        const progress = (progress: Progress) => {
          if (doing === 'running' && !patience.isWaiting) silence.heard();
          if (doing !== 'nothing') tell(doing, progress);
        };
        const patience = waiting(clock, () => {
          waited = true;
          stop(new Failure('Cancelled', `${label} waited for its provider, and is handed back.`));
        });
        const waits = (why: string) => {
          const ends = [pause(), patience.begin()];
          silence.end();
          if (doing !== 'nothing') tell(doing, { note: why });
          return () => {
            for (const end of ends) end();
            progress({});
          };
        };
        const run = lease.run.first;
        const task = { work, label, key, run, try: number, signal, progress, waits };
        tell('running');
        const effect = await given.executor(task).finally(silence.end);
        tookPlace = true;
        usage = effect.usage;
        voted = effect.voted;
        several = effect.several;
        if ('text' in effect.output) output = effect.output.text;
        output = outputOf(effect, brief);
        doing = 'accepting';
        tell('accepting');
        const spend = (more: Usage | undefined) => {
          usage = together(usage, more);
        };
        const judged = given.accepted ? [] : brief.variants && Array.isArray(output) ? output : [output];
        const under = { plan, brief, bindings, folder, digest, task, spend };
        for (const one of judged) await accept(one, { ...under, ...(given.accepting ?? acceptingOf(unit)) });
        const files = await given.keepFiles?.(signal);
        return {
          output: encodeValue(output),
          ...(files && { files }),
          ...(effect.truncated && { truncated: true }),
          ...(usage && { usage }),
          ...(voted && { voted }),
          ...(several && { several }),
        };
      },
    );
  } catch (error) {
    const failure = error instanceof Failure ? error : unforeseen(label, error);
    if (failure.type === 'StoreUnavailable' || failure.type === 'Superseded') throw failure;
    if (waited && failure.type === 'Cancelled') return { failure, waited };
    // Once the effect has ended, what a failure carries is what the accepting command left.
    return {
      failure,
      // What came of it was no output: something came of it.
      tookPlace: tookPlace || failure.type === 'OutputInvalid',
      ...remains(output ?? failure.detail.partial),
      ...used(usage ?? failure.detail.usage),
      ...((voted ?? failure.detail.voted) && { voted: voted ?? failure.detail.voted }),
      ...((several ?? failure.detail.several) && { several: several ?? failure.detail.several }),
    };
  } finally {
    // Whoever still tells of progress was given up, or tells it late.
    doing = 'nothing';
  }
}

/** Counts how long somebody waits, whoever of them, and calls `then` once that is as long as a unit may be held for it. */
function waiting(clock: Clock, then: () => void) {
  const left = countdown(clock, WAITING_MS, then);
  let goOn = left.pause();
  let count = 0;
  return {
    get isWaiting(): boolean {
      return count > 0;
    },
    begin(): () => void {
      if (count++ === 0) goOn();
      return () => {
        if (--count === 0) goOn = left.pause();
      };
    },
  };
}

/** What a try consumed with what judging it did; whose result it is stays as it was. */
function together(own: Usage | undefined, more: Usage | undefined): Usage | undefined {
  const sum = totalUsage([own, more]);
  return own?.model === undefined ? sum : { ...sum, model: own.model };
}

const used = (usage: Usage | undefined): Pick<Tried, 'usage'> => (usage ? { usage } : {});

/** What a failed try left of an output; a value that cannot be kept is not kept. */
function remains(partial: Json | undefined): Pick<Tried, 'output'> {
  if (partial === undefined || partial === '') return {};
  try {
    return { output: encodeValue(partial) };
  } catch {
    return {};
  }
}

const tooLong = (label: string, [limit, ms]: readonly ['within' | 'timeout', number]): Failure =>
  new Failure(
    'TimedOut',
    `${label} took longer than the ${ms / 1000} s of its \`${limit}\` and was stopped. Give it more time or less to do.`,
  );

const tooQuiet = (label: string, ms: number): Failure =>
  new Failure(
    'TimedOut',
    `${label} made no progress for ${ms / 1000} s (\`stall\`) and was stopped. Have it show progress more often, or allow it a longer silence.`,
  );
