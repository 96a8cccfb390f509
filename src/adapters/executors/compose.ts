import { Failure } from '../../core/outcome/failure.js';
import type { AskWork, Work } from '../../core/plan/render.js';
import type { Admission } from '../../ports/admission.js';
import type { Executor, Executors } from '../../ports/executor.js';
import type { Redactor } from '../../ports/redactor.js';
import type { AskOptions } from './ask.js';
import { callExecutor, type InlineFunctions } from './call.js';
import type { Env } from './commandEnv.js';
import { governed } from './governed.js';
import type { Policy } from './policy.js';
import { redacting } from './redacting.js';
import { redactorOf } from './redactor.js';
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

export interface Carriers extends Executors {
  /** Ends the threads that were started for it. */
  close(): Promise<void>;
}

export function executors(
  { policy, env, model, functions }: ExecutorConfig,
  {
    inline,
    admission,
    redactor = redactorOf({ policy, env, model }),
  }: {
    readonly inline?: InlineFunctions;
    readonly admission?: Admission;
    /** Where there is one already: made from the others unless told. */
    readonly redactor?: Redactor;
  } = {},
): Carriers {
  const calls = callExecutor({
    ...{ policy, redactor },
    ...(functions && { functions }),
    ...(inline && { inline }),
  });
  const http = () => import('./http.js').then(({ httpExecutor }) => httpExecutor({ policy, env, redactor }));
  const ask = redacting(redactor, asking({ ...model, redactor }));
  return {
    run: redacting(redactor, runExecutor({ policy, env, redactor })),
    ask: admission ? governed(ask, admission) : ask,
    http: redacting(redactor, whenAsked(http)),
    call: redacting(redactor, calls.executor),
    constant: async ({ work: { value } }) => ({ output: { value } }),
    close: calls.close,
  };
}

function asking(model: AskOptions): Executor<AskWork> {
  const { baseURL } = model;
  if (baseURL !== undefined && !URL.canParse(baseURL))
    throw new Failure('InvalidInput', 'The address of the model is no URL.');
  return whenAsked(() => import('./ask.js').then(({ askExecutor }) => askExecutor(model)));
}

/** An executor whose client is loaded for the first who asks: a worker that needs none starts sooner. */
function whenAsked<W extends Work>(make: () => Promise<Executor<W>>): Executor<W> {
  let made: Promise<Executor<W>> | undefined;
  return async (task) => {
    made ??= make();
    return (await made)(task);
  };
}

/** One executor for any work: the one of its kind. */
export const byKind =
  (all: Executors): Executor =>
  (task) =>
    (all[task.work.kind as keyof Executors] as Executor)(task);
