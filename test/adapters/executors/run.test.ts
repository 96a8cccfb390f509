import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Env } from '../../../src/adapters/executors/commandEnv.js';
import { runExecutor } from '../../../src/adapters/executors/run.js';
import { alive } from './alive.js';
import { exam } from './exam.js';
import { ANYTHING, command, failureOf, node, shell, stoppedAtProgress, taskFor, textIn } from './task.js';

const env: Env = { ...process.env, SECRET_TOKEN: 'hush', LC_MUSTER: 'yes', AWS_REGION: 'eu-1' };
const run = runExecutor({ policy: ANYTHING, env });
const mark = () => `muster-test-${Math.random().toString(36).slice(2)}`;

describe('run sits the exam', () => {
  const endless = mark();
  exam(() => ({
    executor: run,
    says: (words) => command(['echo', words]),
    identity: {
      work: node(
        'console.log(JSON.stringify({ key: process.env.MUSTER_IDEMPOTENCY_KEY, try: process.env.MUSTER_TRY }))',
      ),
      read: (text) => JSON.parse(text as string),
    },
    endless: shell(`echo begun; sleep 60; : ${endless}`),
    failing: shell('echo broken >&2; exit 3'),
    leftovers: () => alive(endless),
  }));
});

describe('what a command gets', () => {
  it('reaches it as separate arguments: nothing in them is read by a shell', async () => {
    const args = ['a b', '$HOME', '; rm -rf nothing', '`id`', '*'];
    const effect = await run(taskFor(node('console.log(JSON.stringify(process.argv.slice(1)))', {})));
    expect(textIn(effect)).toBe('[]\n');
    const given = command([
      process.execPath,
      '-e',
      'console.log(JSON.stringify(process.argv.slice(1)))',
      ...args,
    ]);
    expect(JSON.parse(textIn(await run(taskFor(given))))).toEqual(args);
  });

  it('is what is on its standard input, to the byte', async () => {
    const stdin = 'ünï\n'.repeat(200_000);
    expect(textIn(await run(taskFor(command(['cat'], { stdin }))))).toBe(stdin);
  });

  it('is an empty standard input where nothing is given', async () => {
    expect(textIn(await run(taskFor(command(['cat']))))).toBe('');
  });

  it('need not be read: a command that ends without it succeeds', async () => {
    const effect = await run(taskFor(command(['echo', 'done'], { stdin: 'x'.repeat(5_000_000) })));
    expect(textIn(effect)).toBe('done\n');
  });

  it('is the usual environment and nothing else of the worker', async () => {
    const seen = JSON.parse(textIn(await run(taskFor(node('console.log(JSON.stringify(process.env))')))));
    expect(seen).toMatchObject({
      HOME: env.HOME,
      LC_MUSTER: 'yes',
      MUSTER_TRY: '1',
      MUSTER_IDEMPOTENCY_KEY: 'key-1',
    });
    expect(Object.keys(seen)).not.toContain('SECRET_TOKEN');
    expect(Object.keys(seen)).not.toContain('AWS_REGION');
  });

  it('is also what the policy names', async () => {
    const allowing = runExecutor({ policy: { ...ANYTHING, env: ['SECRET_TOKEN', 'AWS_*'] }, env });
    const seen = JSON.parse(
      textIn(await allowing(taskFor(node('console.log(JSON.stringify(process.env))')))),
    );
    expect(seen).toMatchObject({ SECRET_TOKEN: 'hush', AWS_REGION: 'eu-1' });
  });

  it('is a fresh folder, which is gone afterwards, or the one it names', async () => {
    const fresh = textIn(await run(taskFor(shell('touch here; pwd')))).trim();
    expect(fresh).toContain('muster-');
    expect(existsSync(fresh)).toBe(false);
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'named-')));
    expect(textIn(await run(taskFor(shell('touch here; pwd', { cwd: folder })))).trim()).toBe(folder);
    expect(existsSync(join(folder, 'here'))).toBe(true);
    rmSync(folder, { recursive: true });
  });
});

describe('output', () => {
  it('is cut at the cap with a marker that says how much is missing, and the command still ends well', async () => {
    const small = runExecutor({ policy: ANYTHING, env, capBytes: 10 });
    const effect = await small(taskFor(node('process.stdout.write("0123456789".repeat(200_000))')));
    expect(effect).toMatchObject({
      output: { text: '0123456789\n[muster: cut here, 1,999,990 bytes more]' },
      truncated: true,
    });
  });

  it('is whole at exactly the cap', async () => {
    const small = runExecutor({ policy: ANYTHING, env, capBytes: 10 });
    const effect = await small(taskFor(command(['printf', '0123456789'])));
    expect(effect.output).toEqual({ text: '0123456789' });
    expect(effect.truncated).toBeUndefined();
  });

  it('is never cut within a character', async () => {
    const small = runExecutor({ policy: ANYTHING, env, capBytes: 4 });
    expect(textIn(await small(taskFor(command(['printf', 'aüüü']))))).toBe(
      'aü\n[muster: cut here, 3 bytes more]',
    );
  });

  it('that is no UTF-8 is text with replacement characters', async () => {
    expect(textIn(await run(taskFor(command(['printf', 'a\\377b']))))).toBe('a\uFFFDb');
  });

  it('of a command that leaves somebody behind is still whole, and nobody stays behind', async () => {
    const left = mark();
    const began = Date.now();
    const effect = await run(
      taskFor(shell(`sh -c 'sleep 60; : ${left}' & (sleep 0.1; echo late) & echo early`)),
    );
    expect(textIn(effect)).toBe('early\nlate\n');
    expect(alive(left)).toEqual([]);
    expect(Date.now() - began).toBeLessThan(1500);
  });
});

it('a command shows progress by what it writes to standard error, too', async () => {
  const told: unknown[] = [];
  await run(
    taskFor(shell('for n in 1 2 3; do echo $n >&2; sleep 0.3; done'), { progress: (it) => told.push(it) }),
  );
  expect(told.length).toBeGreaterThanOrEqual(3);
});

describe('a command that fails', () => {
  it('says its exit code and its last words, and keeps what it printed', async () => {
    const failure = await failureOf(run(taskFor(shell('echo half; echo "no such vendor" >&2; exit 7'))));
    expect(failure).toMatchObject({ type: 'CommandFailed', permanent: false, detail: { partial: 'half\n' } });
    expect(failure.message).toMatch(/exit code 7, saying: no such vendor\..*okExit/);
  });

  it('succeeds where okExit says so', async () => {
    expect(textIn(await run(taskFor(shell('echo found; exit 1', { okExit: [0, 1] }))))).toBe('found\n');
  });

  it('by a signal says by which', async () => {
    const failure = await failureOf(run(taskFor(shell('kill -SEGV $$'))));
    expect(failure.message).toContain('was killed by SIGSEGV');
    expect(failure.detail.uncertain).toBe(true);
  });

  it('keeps to the last of much standard error', async () => {
    const failure = await failureOf(
      run(taskFor(node('console.error("x".repeat(1e6) + "the end"); process.exitCode = 1'))),
    );
    expect(failure.message).toContain('xthe end.');
    expect(failure.message.length).toBeLessThanOrEqual(500);
  });

  it('because it does not exist is not tried again', async () => {
    const failure = await failureOf(run(taskFor(command(['no-such-command-here']))));
    expect(failure).toMatchObject({ type: 'CommandFailed', permanent: true });
    expect(failure.message).toContain('there is no command `no-such-command-here`');
  });

  it('because it may not be run is not tried again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plain-'));
    const file = join(folder, 'plain.txt');
    writeFileSync(file, 'hello');
    const failure = await failureOf(run(taskFor(command([file]))));
    expect(failure).toMatchObject({ type: 'CommandFailed', permanent: true });
    expect(failure.message).toContain('chmod +x');
    rmSync(folder, { recursive: true });
  });

  it('because its folder is gone says that, not that the command is', async () => {
    const failure = await failureOf(run(taskFor(command(['echo'], { cwd: '/no/such/folder' }))));
    expect(failure.message).toContain('its folder /no/such/folder does not exist');
  });

  it('because its arguments are too long says how else to give them', async () => {
    const failure = await failureOf(run(taskFor(command(['echo', 'x'.repeat(3_000_000)]))));
    expect(failure.message).toContain('Give them by `stdin`');
  });

  it('because the policy has no place for it never starts', async () => {
    const strict = runExecutor({ policy: { ...ANYTHING, commands: ['git'] }, env });
    const folder = mkdtempSync(join(tmpdir(), 'strict-'));
    const failure = await failureOf(strict(taskFor(shell('touch trace', { cwd: folder }))));
    expect(failure).toMatchObject({ type: 'CommandNotAllowed', permanent: true });
    expect(existsSync(join(folder, 'trace'))).toBe(false);
    rmSync(folder, { recursive: true });
  });
});

describe('a command that is stopped', () => {
  it('before it began leaves no trace', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trace-'));
    const work = shell('touch trace', { cwd: folder });
    await failureOf(run(taskFor(work, { signal: AbortSignal.abort() })));
    expect(existsSync(join(folder, 'trace'))).toBe(false);
    rmSync(folder, { recursive: true });
  });

  it('takes its grandchildren with it, deaf ones too, and gives back what it had printed', async () => {
    const deaf = mark();
    const script = `sh -c 'trap "" TERM; echo begun; while :; do sleep 0.1; : ${deaf}; done' & wait`;
    const { given } = stoppedAtProgress();
    const began = Date.now();
    const failure = await failureOf(run(taskFor(shell(script), given)));
    const took = Date.now() - began;
    expect(failure).toMatchObject({ type: 'Cancelled', detail: { partial: 'begun\n' } });
    expect(alive(deaf)).toEqual([]);
    expect(took).toBeGreaterThan(2900);
    expect(took).toBeLessThan(6000);
  });

  it('may end in its own way within three seconds', async () => {
    const { given } = stoppedAtProgress();
    const script = "trap 'echo tidied; exit 0' TERM; echo begun; while :; do sleep 0.05; done";
    const failure = await failureOf(run(taskFor(shell(script), given)));
    expect(failure.detail.partial).toBe('begun\ntidied\n');
  });
});

describe.runIf(process.platform === 'linux')('what a command used', () => {
  it("is its processor time and memory, its children's included", async () => {
    const burn = `const b = Buffer.alloc(150e6, 1);
      while (process.cpuUsage().user < 500e3);
      const { user, system } = process.cpuUsage();
      console.log((user + system) / 1e6);`;
    const effect = await run(taskFor(command(['sh', '-c', `"$0" -e '${burn}'; true`, process.execPath])));
    const says = Number(textIn(effect));
    expect(effect.usage?.cpuSeconds).toBeGreaterThan(says - 0.02);
    expect(effect.usage?.cpuSeconds).toBeLessThan(1.5 * says);
    expect(effect.usage?.peakMemory).toBeGreaterThan(150e6);
    expect(effect.usage?.peakMemory).toBeLessThan(400e6);
  });

  it('is told of one that is over before it could be sampled', async () => {
    const { usage } = await run(taskFor(node('while (process.cpuUsage().user < 60e3); console.log()')));
    expect(usage?.cpuSeconds).toBeGreaterThanOrEqual(0.06);
  });

  it('counts a child that was over before it could be sampled', async () => {
    const burn = 'while (process.cpuUsage().user < 60e3);';
    const script = `"$0" -e '${burn}'; true`;
    const { usage } = await run(taskFor(command(['sh', '-c', script, process.execPath])));
    expect(usage?.cpuSeconds).toBeGreaterThanOrEqual(0.06);
  });

  it('adds up the memory of processes that run side by side', async () => {
    const hold = 'const b = Buffer.alloc(100e6, 1); setTimeout(() => console.log(b.length), 1500)';
    const script = `"$0" -e '${hold}' & "$0" -e '${hold}' & wait`;
    const { usage } = await run(taskFor(command(['sh', '-c', script, process.execPath])));
    expect(usage?.peakMemory).toBeGreaterThan(200e6);
  });

  it('is told of one that failed, and is never a zero', async () => {
    const failure = await failureOf(
      run(taskFor(node('while (process.cpuUsage().user < 100e3); process.exit(1)'))),
    );
    expect(failure.detail.usage?.cpuSeconds).toBeGreaterThan(0.05);
    for (let i = 0; i < 10; i++) {
      const { usage } = await run(taskFor(command(['true'])));
      expect(Object.values(usage ?? {})).not.toContain(0);
    }
  });
});
