import { tmpdir } from 'node:os';
import { describe, expect, it, vi } from 'vitest';
import { runExecutor } from '../../../src/adapters/executors/run.js';
import { ANYTHING, command, failureOf, taskFor, textIn } from './task.js';

/** Calls of the file system that fail, by name, and the code they fail with. */
const failing = vi.hoisted(() => new Map<string, string>());
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  const unlessFailing =
    <A extends unknown[], R>(syscall: string, act: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const code = failing.get(syscall);
      if (code === undefined) return act(...args);
      throw Object.assign(new Error(`${code}: ${syscall} '${args[0]}'`), { code, syscall });
    };
  return { ...fs, mkdtemp: unlessFailing('mkdtemp', fs.mkdtemp), rm: unlessFailing('rm', fs.rm) };
});

const run = runExecutor({ policy: ANYTHING, env: process.env });
async function whileFails<R>(syscall: string, code: string, act: () => Promise<R>): Promise<R> {
  failing.set(syscall, code);
  try {
    return await act();
  } finally {
    failing.delete(syscall);
  }
}

describe('the folder of its own that a command runs in', () => {
  it.each(['EACCES', 'ENOTEMPTY'])(
    'may stay behind (%s): the command has succeeded or failed by itself',
    (code) =>
      whileFails('rm', code, async () => {
        expect(textIn(await run(taskFor(command(['echo', 'done']))))).toBe('done\n');
        const failure = await failureOf(run(taskFor(command(['false']))));
        expect(failure.message).toContain('ended with exit code 1');
      }),
  );

  it.each([
    ['ENOSPC', false],
    ['EDQUOT', false],
    ['EMFILE', false],
    ['EACCES', true],
  ])('that cannot be made (%s) is told with its place; that it is permanent is %s', (code, permanent) =>
    whileFails('mkdtemp', code, async () => {
      const failure = await failureOf(run(taskFor(command(['echo', 'done']))));
      expect(failure).toMatchObject({ type: 'CommandFailed', permanent });
      expect(failure.message).toContain(`no folder could be made for it to run in: ${code}`);
      expect(failure.message).toContain(tmpdir());
    }),
  );
});
