import { beforeAll, describe, expect, it } from 'vitest';
import { isolatedExecutor } from '../../../src/adapters/executors/isolated.js';
import type { Work } from '../../../src/core/plan/render.js';
import type { Executor } from '../../../src/ports/executor.js';
import { alive } from './alive.js';
import { builtEntries, FUNCTIONS } from './built.js';
import { exam } from './exam.js';
import {
  ANYTHING,
  calling,
  command,
  failureOf,
  shell,
  stoppedAtProgress,
  taskFor,
  textIn,
  valueIn,
} from './task.js';

let isolated: Executor;
let folder: string;
const entries = builtEntries();
beforeAll(async () => {
  const entry = (await entries).host;
  folder = entry.pathname;
  const config = { policy: ANYTHING, env: process.env, model: {}, functions: FUNCTIONS };
  isolated = isolatedExecutor({ config, entry });
});

describe('isolated execution sits the exam', () =>
  exam<Work>(() => ({
    executor: isolated,
    says: (words) => calling('echo', words),
    identity: { work: calling('echo'), read: (value) => value },
    endless: calling('patient'),
    failing: calling('fail'),
    leftovers: () => alive(folder),
  })));

describe('work in a process of its own', () => {
  it('that kills its process is found out, and this one lives', async () => {
    const failure = await failureOf(isolated(taskFor(calling('crash'))));
    expect(failure.type).toBe('WorkerCrashed');
    expect(failure.message).toMatch(/^dig\[pricing\] crashed its worker: killed by SIGSEGV\./);
    expect(valueIn(await isolated(taskFor(calling('add', { a: 1, b: 2 }))))).toBe(3);
  });

  it('may be a command, with what it used', async () => {
    const effect = await isolated(taskFor(shell('echo hello; echo $MUSTER_TRY', {})));
    expect(textIn(effect)).toBe('hello\n1\n');
  });

  it('carries a failure over as it was: type, partial output, whether it is for good', async () => {
    const failed = await failureOf(isolated(taskFor(shell('echo half; exit 3'))));
    expect(failed).toMatchObject({ type: 'CommandFailed', permanent: false, detail: { partial: 'half\n' } });
    expect(await failureOf(isolated(taskFor(command(['no-such-command']))))).toMatchObject({
      permanent: true,
    });
  });

  it('when stopped ends its command too, and brings back what that had printed', async () => {
    const { given } = stoppedAtProgress();
    const failure = await failureOf(
      isolated(taskFor(shell('echo begun; sleep 61; : muster-test-isolated'), given)),
    );
    expect(failure).toMatchObject({ type: 'Cancelled', detail: { partial: 'begun\n' } });
    expect(alive('muster-test-isolated')).toEqual([]);
  }, 12_000);
});
