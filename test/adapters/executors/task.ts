import { OPEN_POLICY, type Policy } from '../../../src/adapters/executors/policy.js';
import type { Failure } from '../../../src/core/outcome/failure.js';
import type { AskWork, CallWork, RunWork, Work } from '../../../src/core/plan/render.js';
import type { Effect, Progress, Task } from '../../../src/ports/executor.js';

export const ANYTHING: Policy = { ...OPEN_POLICY, privateAddresses: true, inlineCommands: true };

export type Given = Partial<Omit<Task, 'work'>>;

/** A task to give to an executor. */
export const taskFor = <W extends Work>(work: W, given: Given = {}): Task<W> => ({
  work,
  label: 'dig[pricing]',
  key: 'key-1',
  try: 1,
  signal: new AbortController().signal,
  progress: () => {},
  ...given,
});

export const command = (argv: readonly string[], more: Partial<RunWork> = {}): RunWork => ({
  kind: 'run',
  argv,
  okExit: [0],
  ...more,
});
export const shell = (script: string, more: Partial<RunWork> = {}): RunWork =>
  command(['sh', '-c', script], more);
export const node = (script: string, more: Partial<RunWork> = {}): RunWork =>
  command([process.execPath, '-e', script], more);
export const calling = (name: string, input: CallWork['input'] = null): CallWork => ({
  kind: 'call',
  name,
  input,
  brief: { id: 'dig' },
});
export const asking = (content: string, schema?: AskWork['schema']): AskWork => ({
  kind: 'ask',
  model: 'gpt-x',
  messages: [{ role: 'user', content }],
  ...(schema && { schema }),
});

export const textIn = ({ output }: Effect): string =>
  'text' in output ? output.text : JSON.stringify(output.value);
export const valueIn = ({ output }: Effect): unknown => ('value' in output ? output.value : output.text);

/** The failure that an effect was to end in. */
export const failureOf = (effect: Promise<Effect>): Promise<Failure> =>
  effect.then(
    (it) => {
      throw new Error(`it succeeded: ${JSON.stringify(it)}`);
    },
    (failure: Failure) => failure,
  );

/** A signal that aborts at the first progress, and what was reported: for stopping what has evidently begun. */
export function stoppedAtProgress(reason?: unknown): { readonly given: Given; readonly told: Progress[] } {
  const controller = new AbortController();
  const told: Progress[] = [];
  const progress = (it: Progress) => {
    told.push(it);
    controller.abort(reason);
  };
  return { given: { signal: controller.signal, progress }, told };
}
