import { byKind, executors } from '../adapters/executors/compose.js';
import { guardProcess } from '../adapters/executors/guardOutput.js';
import type { Answer, FromHost, ToHost } from '../adapters/executors/host.js';
import { redactorOf } from '../adapters/executors/redactor.js';
import { Failure, unforeseen } from '../core/outcome/failure.js';
import type { Executor, Task } from '../ports/executor.js';

/** Entry of a child process that carries out tasks for its parent, and ends when that lets go of it or dies. */
const stops = new Map<number, AbortController>();
let carryOut: Executor;
const tell = (message: FromHost) => process.connected && process.send?.(message, () => {});
const leaveIfDone = () => !process.connected && stops.size === 0 && process.exit();

process.on('message', (message: ToHost) => {
  if ('config' in message) {
    const redactor = redactorOf(message.config);
    guardProcess(redactor);
    carryOut = byKind(executors(message.config, { redactor }));
  } else if ('stop' in message)
    stops.get(message.id)?.abort(new Failure(message.stop.type, message.stop.message));
  else void answer(message.id, message.task);
});
// Nobody is left to answer to: end what runs, then oneself.
process.on('disconnect', () => {
  for (const stop of stops.values()) stop.abort();
  leaveIfDone();
});
// Sent to everybody when a machine goes down; it is the parent that ends this.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

async function answer(id: number, task: Pick<Task, 'work' | 'label' | 'key' | 'try'>): Promise<void> {
  const stop = new AbortController();
  stops.set(id, stop);
  const progress = (progress: object) => tell({ id, progress });
  const inGroup = (group: number) => tell({ id, group });
  const answer = await carryOut({ ...task, signal: stop.signal, progress, inGroup }).then(
    (effect): Answer => ({ effect }),
    (error: unknown) => failed(error instanceof Failure ? error : unforeseen(task.label, error)),
  );
  stops.delete(id);
  tell({ id, ...answer });
  leaveIfDone();
}

function failed({ type, message, detail: { cause, ...detail } }: Failure): Answer {
  return { failure: { type, message, detail: { ...detail, cause: String(cause) } } };
}
