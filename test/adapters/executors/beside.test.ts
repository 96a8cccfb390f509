import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Beside, beside } from '../../../src/adapters/executors/beside.js';
import { alive } from './alive.js';
import { builtEntries } from './built.js';
import { exam } from './exam.js';
import { ANYTHING, command, failureOf, node, shell, taskFor, textIn } from './task.js';

const entries = builtEntries();
let commands: Beside;
beforeAll(async () => {
  const config = { policy: ANYTHING, env: process.env, model: {} };
  commands = beside({ config, entry: (await entries).host });
});
afterAll(() => commands.close());

describe('commands in a process beside this one sit the exam', () =>
  exam(() => ({
    executor: commands.executor,
    says: (words) => command(['echo', words]),
    identity: {
      work: node(
        'console.log(JSON.stringify({ key: process.env.MUSTER_IDEMPOTENCY_KEY, try: process.env.MUSTER_TRY }))',
      ),
      read: (text) => JSON.parse(text as string),
    },
    endless: shell('echo begun; sleep 60; : muster-test-beside'),
    failing: shell('echo broken >&2; exit 3'),
    leftovers: () => alive('muster-test-beside'),
  })));

const stateOf = (pid: number): string =>
  execFileSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' }).slice(0, 1);

describe('a process beside this one', () => {
  const hostOf = async () => Number(textIn(await commands.executor(taskFor(shell('echo $PPID')))));

  it('is the same for one command and the next, and keeps the answers of a hundred at once apart', async () => {
    expect(await hostOf()).toBe(await hostOf());
    const numbers = Array.from({ length: 100 }, (_, n) => `${n}`);
    const answers = await Promise.all(
      numbers.map((n) => commands.executor(taskFor(shell(`sleep 0.0${n.length}; echo ${n}`)))),
    );
    expect(answers.map((effect) => textIn(effect).trim())).toEqual(numbers);
  });

  it('when it dies blames nobody: what it carried out is given out again, by a new one', async () => {
    const before = await hostOf();
    const [bystander, culprit] = await Promise.all([
      failureOf(commands.executor(taskFor(shell('echo begun; sleep 60; : muster-test-bystander')))),
      failureOf(commands.executor(taskFor(shell('sleep 0.3; kill -9 $PPID; sleep 60')))),
    ]);
    for (const failure of [bystander, culprit]) {
      expect(failure.type).toBe('Superseded');
      expect(failure.message).toMatch(/killed by SIGKILL.*given out again/);
    }
    // It had not said so before they were ended: nobody runs the same beside them.
    expect(alive('muster-test-bystander')).toEqual([]);
    expect(await hostOf()).not.toBe(before);
  });

  it('gives up a task it cannot stop, alone: what came with it goes on, what comes next has another process', async () => {
    const host = await hostOf();
    const stop = new AbortController();
    const bystander = commands.executor(taskFor(shell('sleep 0.6; echo fine')));
    const stuck = failureOf(
      commands.executor(
        taskFor(shell('sleep 0.3; kill -STOP $PPID; sleep 60; : muster-test-stuck'), { signal: stop.signal }),
      ),
    );
    await expect.poll(() => stateOf(host), { timeout: 5_000 }).toBe('T');
    stop.abort();
    expect((await stuck).type).toBe('Cancelled');
    expect(alive('muster-test-stuck')).toEqual([]);
    expect(await hostOf()).not.toBe(host);
    process.kill(host, 'SIGCONT');
    expect(textIn(await bystander)).toBe('fine\n');
    await expect.poll(() => alive(`${host} `).some((line) => line.trim().startsWith(`${host} `))).toBe(false);
  }, 20_000);

  it('is gone when it was closed, with what it carried out', async () => {
    const host = await hostOf();
    const running = failureOf(commands.executor(taskFor(shell('sleep 60; : muster-test-closed'))));
    await expect.poll(() => alive('muster-test-closed'), { timeout: 5_000 }).not.toEqual([]);
    await commands.close();
    expect((await running).type).toBe('Superseded');
    expect(alive('muster-test-closed')).toEqual([]);
    expect(() => process.kill(host, 0)).toThrow('ESRCH');
    expect((await failureOf(commands.executor(taskFor(shell('true'))))).message).toContain('it was closed');
  });
});
