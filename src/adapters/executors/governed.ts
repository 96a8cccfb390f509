import { Failure } from '../../core/outcome/failure.js';
import type { Usage } from '../../core/outcome/outcome.js';
import type { AskWork } from '../../core/plan/render.js';
import type { Admission, Over } from '../../ports/admission.js';
import type { Executor, Task } from '../../ports/executor.js';
import { stopped } from './stopped.js';

/**
 * Asks once the provider allows it. While it waits, the try's time does not run; a call that is made in its place, of another
 * model, has a key of its own.
 */
export const governed =
  (ask: Executor<AskWork>, admission: Admission): Executor<AskWork> =>
  async (task) => {
    const pass = await admitted(task, admission);
    const { work, key } = task;
    const isOther = pass.model !== work.model;
    const other = { work: { ...work, model: pass.model }, key: `${key}-${pass.model}` };
    let awaits = false;
    const sent = () => {
      awaits = true;
      pass.sent();
    };
    const answering = () => {
      awaits = false;
      pass.answered();
    };
    try {
      const effect = await ask({ ...task, ...(isOther && other), sent, answered: answering });
      pass.over(answered(effect.usage));
      return isOther ? { ...effect, asked: pass.model } : effect;
    } catch (error) {
      pass.over(
        task.signal.aborted ? { kind: isSilence(error, awaits) ? 'unavailable' : 'stopped' } : overBy(error),
      );
      throw isOther && error instanceof Failure ? of(pass.model, error) : error;
    }
  };

async function admitted(task: Task<AskWork>, admission: Admission) {
  const { work, label, signal } = task;
  let goOn: (() => void) | undefined;
  try {
    return await admission.enter({
      ...{ model: work.model, run: task.run ?? label, signal },
      ...(work.maxTokens !== undefined && { maxTokens: work.maxTokens }),
      characters: work.messages.reduce((sum, { content }) => sum + content.length, 0),
      waits: (why) => {
        const before = goOn;
        goOn = task.waits?.(why);
        before?.();
      },
    });
  } catch (error) {
    throw signal.aborted ? stopped(task, { unbegun: true }) : error;
  } finally {
    goOn?.();
  }
}

const of = (asked: string, { type, message, detail }: Failure): Failure =>
  new Failure(type, message, { ...detail, asked });

const answered = ({ inputTokens, outputTokens }: Usage = {}): Over => ({
  kind: 'answered',
  ...(inputTokens !== undefined && { input: inputTokens }),
  ...(outputTokens !== undefined && { output: outputTokens }),
});

/** A provider that says nothing at all for as long as a try may take does not answer. */
const isSilence = (error: unknown, awaits: boolean): boolean =>
  awaits && error instanceof Failure && error.type === 'TimedOut';

/** What a failure says of the provider. */
function overBy(error: unknown): Over {
  if (!(error instanceof Failure)) return { kind: 'stopped' };
  const { retryAfterMs, usage, permanent } = error.detail;
  switch (error.type) {
    case 'ModelUnavailable':
      return { kind: 'unavailable' };
    // It says nothing of the provider: the process that asked is gone.
    case 'WorkerCrashed':
      return { kind: 'stopped' };
    case 'ModelRateLimited':
      // Whoever has no credit left is not helped by waiting.
      if (permanent) return { kind: 'stopped' };
      return { kind: 'limited', ...(retryAfterMs !== undefined && { retryAfterMs }) };
    default:
      return answered(usage);
  }
}
