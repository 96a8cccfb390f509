import { Failure } from '../../core/outcome/failure.js';
import type { AskWork } from '../../core/plan/render.js';
import type { Executor, Executors } from '../../ports/executor.js';
import type { AskOptions } from './ask.js';
import { callExecutor, type InlineFunctions } from './call.js';
import type { Env } from './commandEnv.js';
import type { Policy } from './policy.js';
import { runExecutor } from './run.js';

/** All that executors are made of, as plain data: a child process makes the same ones from it. */
export interface ExecutorConfig {
  readonly policy: Policy;
  /** The worker's environment. */
  readonly env: Env;
  readonly model: Pick<AskOptions, 'baseURL' | 'apiKey'>;
  /** URL of the module of functions. */
  readonly functions?: string;
}

export function executors(
  { policy, env, model, functions }: ExecutorConfig,
  inline?: InlineFunctions,
): Executors {
  return {
    run: runExecutor({ policy, env }),
    ask: asking(model),
    call: callExecutor({ policy, ...(functions && { functions }), ...(inline && { inline }) }),
  };
}

/** The client of models is loaded for the first who asks: a worker that never does starts sooner. */
function asking(model: AskOptions): Executor<AskWork> {
  const { baseURL } = model;
  if (baseURL !== undefined && !URL.canParse(baseURL))
    throw new Failure('InvalidInput', `The address of the model, \`${baseURL}\`, is no URL.`);
  let made: Promise<Executor<AskWork>> | undefined;
  return async (task) => {
    made ??= import('./ask.js').then(({ askExecutor }) => askExecutor(model));
    return (await made)(task);
  };
}

/** One executor for any work: the one of its kind. */
export const byKind =
  (all: Executors): Executor =>
  (task) =>
    (all[task.work.kind] as Executor)(task);
