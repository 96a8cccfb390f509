import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '../../core/outcome/failure.js';
import type { RunWork } from '../../core/plan/render.js';
import type { Effect, Executor, Task } from '../../ports/executor.js';
import type { Redactor } from '../../ports/redactor.js';
import { capture, tail } from './capture.js';
import { commandEnv, type Env } from './commandEnv.js';
import { commandFailed, notStarted } from './commandFailures.js';
import { meterGroup } from './groupUsage.js';
import { PROGRESS_MS, paced } from './paced.js';
import { allowedCommand, commandRefused, type Policy } from './policy.js';
import { endGroup } from './processGroup.js';
import { redactorOf } from './redactor.js';
import { stopped } from './stopped.js';

/*
 * 1. No shell. What runs is a file and a list of arguments, in a process group of its own.
 * 2. A command is over when its first process is; whoever that left behind in its group is ended then.
 * 3. Nobody of the group is alive when the executor answers, whichever way it answers.
 * 4. Output is always read to its end: a command never waits for Muster.
 */

export interface RunOptions {
  readonly policy: Policy;
  /** The worker's environment, of which a command gets the allowed names. */
  readonly env: Env;
  /** Bytes of standard output that are kept; 16 MB unless told. */
  readonly capBytes?: number;
  /** Made from the others unless told. */
  readonly redactor?: Redactor;
}
type Whole = RunOptions & Required<Pick<RunOptions, 'redactor'>>;

const CAP_BYTES = 16 * 2 ** 20;
const STDERR_BYTES = 4096;
/** What processes that outlive their command may still take to write what they hold. */
const DRAIN_MS = 250;

/**
 * Carries out commands. Standard output is the effect; standard error explains a failure.
 * @throws Failure `CommandFailed`, `CommandNotAllowed`, or why the task was stopped.
 */
export function runExecutor(given: RunOptions): Executor<RunWork> {
  const options: Whole = { redactor: redactorOf(given), ...given };
  return async (task) => {
    const { cwd } = task.work;
    if (cwd !== undefined) return carryOut(task, cwd, options);
    const fresh = await mkdtemp(join(tmpdir(), 'muster-')).catch((cause: unknown) => {
      throw notStarted(task, tmpdir(), cause);
    });
    try {
      return await carryOut(task, fresh, options);
    } finally {
      // What the command did counts, whether or not its folder can be cleared away.
      await rm(fresh, { recursive: true, force: true }).catch(() => {});
    }
  };
}

async function carryOut(task: Task<RunWork>, cwd: string, options: Whole): Promise<Effect> {
  if (task.signal.aborted) throw stopped(task);
  const child = await start(task, cwd, options);
  const group = child.pid!;
  task.inGroup?.(group);
  const meter = meterGroup(group);
  const out = capture(options.capBytes ?? CAP_BYTES);
  const err = tail(STDERR_BYTES);
  const progress = paced(PROGRESS_MS, (bytes: number) => task.progress({ bytes }));
  child.stdout.on('data', (chunk: Buffer) => {
    out.push(chunk);
    progress(out.bytes());
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err.push(chunk);
    progress(out.bytes());
  });
  child.stdout.once('data', meter.look);
  child.stdout.once('end', meter.look);
  child.stderr.once('end', meter.look);
  // A command need not read what it is given; its exit tells whether it missed it.
  child.stdin.on('error', () => {});
  child.stdin.end(task.work.stdin);

  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= endGroup(group);
    return ending;
  };
  const onAbort = () => void end();
  task.signal.addEventListener('abort', onAbort);
  if (task.signal.aborted) onAbort();

  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  await Promise.race([closed, sleep(DRAIN_MS)]);
  await end();
  await Promise.race([closed, sleep(DRAIN_MS)]);
  child.stdout.destroy();
  child.stderr.destroy();
  task.signal.removeEventListener('abort', onAbort);

  const { redactor } = options;
  const usage = meter.stop();
  const text = () => out.text((kept) => redactor.text(kept, 'end'));
  if (task.signal.aborted) throw stopped(task, { partial: text(), usage });
  if (code === null || !task.work.okExit.includes(code)) {
    throw commandFailed(
      task,
      { code, signal, stderr: redactor.text(err.text(), 'start') },
      { partial: text(), usage },
    );
  }
  return { output: { text: text() }, ...(out.truncated() && { truncated: true }), usage };
}

async function start(
  task: Task<RunWork>,
  cwd: string,
  { policy, env }: RunOptions,
): Promise<ChildProcessWithoutNullStreams> {
  const [command = '', ...args] = task.work.argv;
  const file = allowedCommand(policy, command, cwd);
  if (file === undefined) {
    throw new Failure('CommandNotAllowed', `${task.label}: ${commandRefused(policy, command)}`);
  }
  try {
    const child = spawn(file, args, { cwd, env: commandEnv(env, policy.env, task), detached: true });
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    throw notStarted(task, cwd, cause);
  }
}
