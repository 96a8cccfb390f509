import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'muster-git-'));
  made.push(folder);
  return folder;
}

/** Writes files below a folder, and returns it. */
export function fill(folder: string, files: { readonly [path: string]: string | Buffer }): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Everything below a folder but `.git` at its root: content, links and whether it may be executed. */
export function everything(folder: string, { git = false } = {}): { [path: string]: string } {
  const found: { [path: string]: string } = {};
  const walk = (below: string) => {
    for (const name of readdirSync(join(folder, below))) {
      if (!git && below === '' && name === '.git') continue;
      const path = below === '' ? name : `${below}/${name}`;
      const stat = lstatSync(join(folder, path));
      if (stat.isSymbolicLink()) found[path] = `-> ${readlinkSync(join(folder, path))}`;
      else if (stat.isDirectory()) walk(path);
      else
        found[path] =
          `${stat.mode & 0o100 ? 'x ' : ''}${readFileSync(join(folder, path)).toString('latin1')}`;
    }
  };
  walk('');
  return found;
}

/** Git as a user has it, with an identity and nothing else. */
export const userGit = (folder: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=U', '-c', 'user.email=u@example.com', ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** A pipe that nobody writes into: who opens it to read waits for ever. */
export const pipeAt = (path: string): void => void execFileSync('mkfifo', [path]);
