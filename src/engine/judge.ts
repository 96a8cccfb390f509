import type { Digest, Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Usage } from '../core/outcome/outcome.js';
import { JUDGEMENT, type Judge, type Judgement, judging } from '../core/plan/judge.js';
import type { Plan } from '../core/plan/plan.js';
import type { AskWork } from '../core/plan/render.js';
import { validator } from '../core/plan/validate.js';
import type { Executor, Task } from '../ports/executor.js';

/** What judging takes. */
export interface Asking {
  readonly plan: Plan;
  readonly task: Task;
  readonly ask: Executor<AskWork>;
  readonly digest: Digest;
  /** Told what a model consumed, however that ended. */
  readonly spend: (usage: Usage | undefined) => void;
}

/**
 * Why the output does not satisfy the statement; undefined where it does.
 * @throws Failure `OutputInvalid` where it is too long to be judged; of the judge itself, `ModelUnavailable` (also for an
 * answer that is no judgement) and what else its executor throws
 */
export async function findingOf(
  output: Json,
  judge: Judge,
  key: string,
  { plan, task, ask, digest, spend }: Asking,
): Promise<string | undefined> {
  const work = judging(plan, judge, output, digest);
  const label = `the judge of ${task.label}`;
  const effect = await ask({ ...task, work, label, key }).catch((error: unknown) => {
    if (error instanceof Failure) spend(error.detail.usage);
    // The judge's answer is what was invalid, not the output.
    throw error instanceof Failure && error.type === 'OutputInvalid'
      ? noJudgement(label, error.message)
      : error;
  });
  spend(effect.usage);
  const answer = 'value' in effect.output ? effect.output.value : effect.output.text;
  const wrong = validator(JUDGEMENT)(answer);
  if (wrong.length > 0) throw noJudgement(label, `${label}: its answer is none: ${wrong[0]}.`);
  const { holds, finding } = answer as unknown as Judgement;
  return holds ? undefined : finding.trim() || `"${judge.says}" is not true of it`;
}

const noJudgement = (label: string, message: string): Failure =>
  new Failure('ModelUnavailable', message.startsWith(label) ? message : `${label}: ${message}`);
