import { byKind, executors } from '../adapters/executors/compose.js';
import type { Answer, FromChild, ToChild } from '../adapters/executors/isolated.js';
import { Failure } from '../core/outcome/failure.js';
import type { Executor } from '../ports/executor.js';

/** Entry of a child process that carries out one task, answers and ends. */
const controller = new AbortController();
const tell = (message: FromChild, then?: () => void) => process.send?.(message, undefined, undefined, then);

process.on('message', (message: ToChild) => {
  if ('stop' in message) controller.abort(new Failure(message.stop.type, message.stop.message));
  else
    void answer(message).then((it) => (process.connected ? tell(it, () => process.exit()) : process.exit(1)));
});
// Nobody is left to answer to: end what runs, then oneself.
process.on('disconnect', () => controller.abort());

async function answer({ config, task }: Extract<ToChild, { task: unknown }>): Promise<Answer> {
  try {
    const carryOut: Executor = byKind(executors(config));
    const progress = (told: object) => tell({ progress: told });
    return { effect: await carryOut({ ...task, signal: controller.signal, progress }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { cause, ...detail } = error.detail;
    return {
      failure: { type: error.type, message: error.message, detail: { ...detail, cause: String(cause) } },
    };
  }
}
