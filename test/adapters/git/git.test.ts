import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, Refused } from '../../../src/adapters/git/git.js';
import { freshFolder, pipeAt } from './folders.js';

describe('git', () => {
  it('is ended when it is told to, or its time is over, whatever it waits for', async () => {
    const cwd = freshFolder();
    pipeAt(join(cwd, 'pipe'));
    const where = { path: process.env.PATH, cwd };
    const asked = ['hash-object', '--no-filters', 'pipe'];
    await expect(git(where, asked, { ms: 100 })).rejects.toThrow(Refused);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    await expect(git(where, asked, { signal: stop.signal })).rejects.toThrow('was stopped');
  });

  it('that is missing is told from a folder that is', async () => {
    const gone = join(freshFolder(), 'gone');
    await expect(git({ path: process.env.PATH, cwd: gone }, ['--version'])).rejects.toThrow(/gone` is gone/);
    const none = freshFolder();
    await expect(git({ path: none, cwd: none }, ['--version'])).rejects.toThrow(/there is none on PATH/);
  });
});
