import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { devNull } from 'node:os';
import { delimiter, isAbsolute } from 'node:path';
import { GIT_NEEDED, gitThatWillDo } from '../../core/files/git.js';
import { Failure } from '../../core/outcome/failure.js';

/*
 * Git as a tool for files and nothing else.
 *  1. No shell: a list of arguments; paths go by standard input, NUL between them.
 *  2. Nothing of the user's reaches it: no configuration, attributes, ignore lists, hooks, templates, credentials,
 *     replacements; it asks nobody and talks to nobody.
 *  3. Nothing of the machine decides what comes out: identity, date and every setting that content depends on are given.
 */

const SETTINGS = [
  `core.hooksPath=${devNull}`,
  `core.excludesFile=${devNull}`,
  `core.attributesFile=${devNull}`,
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.autocrlf=false',
  'core.symlinks=true',
  'core.fileMode=true',
  'core.ignoreCase=false',
  'core.precomposeUnicode=false',
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'core.logAllRefUpdates=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'pack.threads=1',
  'protocol.allow=never',
  'submodule.recurse=false',
].flatMap((setting) => ['-c', setting]);

/** Time of every commit, so that the same tree gives the same one. */
const EPOCH = '946684800 +0000';
const WHO = { NAME: 'Muster', EMAIL: 'muster@localhost', DATE: EPOCH };

export interface Where {
  /** As PATH is written; relative folders on it do not count. */
  readonly path: string | undefined;
  /** What `~` is in a configuration that is read; nothing of it is. */
  readonly home?: string;
  readonly cwd?: string;
  /** The repository; absent, the one that `cwd` lies in. */
  readonly repository?: string;
  readonly index?: string;
  readonly tree?: string;
}

export interface Asked {
  readonly input?: string | Uint8Array;
  /** Exit codes that are answers. */
  readonly ok?: readonly number[];
  /** Bytes of output; more is cut, and `over` says so. */
  readonly cap?: number;
  /** Ends it with a kill. */
  readonly signal?: AbortSignal | undefined;
  /** Time it has, ms; {@link LONGEST} unless told. */
  readonly ms?: number;
}

/** Git waits for ever where a file that it reads is none, and the largest tree takes minutes. */
const LONGEST = 10 * 60_000;

export interface Answered {
  readonly code: number;
  readonly out: Buffer;
  readonly err: string;
  readonly over: boolean;
}

/** Git said no. The message is its own first line. */
export class Refused extends Error {
  override readonly name = 'Refused';
}

/**
 * @throws Refused where git ends with another code than 0 or those of `ok`, takes too long, or `cwd` is no folder
 * @throws Failure `StoreUnavailable` where there is no git
 */
export async function git(
  where: Where,
  args: readonly string[],
  { input, ok = [0], cap, signal, ms = LONGEST }: Asked = {},
): Promise<Answered> {
  // The system has the same words for a missing program and a missing folder.
  if (where.cwd !== undefined && !(await isFolder(where.cwd)))
    throw new Refused(`\`${where.cwd}\` is gone, or no folder any more`);
  const child = spawn('git', [...SETTINGS, ...args], {
    env: environment(where),
    stdio: 'pipe',
    timeout: ms,
    killSignal: 'SIGKILL',
    ...(signal && { signal }),
    ...(where.cwd !== undefined && { cwd: where.cwd }),
  });
  const chunks: Buffer[] = [];
  let [size, err, over] = [0, '', false];
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (cap === undefined || size <= cap) chunks.push(chunk);
    else {
      over = true;
      child.kill('SIGKILL');
    }
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err = (err + chunk.toString()).slice(0, 16_384);
  });
  // It may end before it has read everything; its exit says what matters.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const [code] = (await once(child, 'close').catch((error: NodeJS.ErrnoException) => {
    if (signal?.aborted) throw new Refused(`git ${args[0]} was stopped`);
    if (error.code === 'ENOENT') throw noGit();
    throw error;
  })) as [number | null];
  if (over || ok.includes(code ?? -1)) return { code: code ?? -1, out: Buffer.concat(chunks), err, over };
  const why = code === null ? `was stopped after at most ${ms / 1000} s` : `ended with ${code}`;
  throw new Refused(firstLine(err) || `git ${args[0]} ${why}`);
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

function environment({ path = '', home, repository, index, tree }: Where): NodeJS.ProcessEnv {
  // An empty PATH would make the current folder the place to look.
  const folders = path.split(delimiter).filter(isAbsolute).join(delimiter);
  return {
    ...(folders && { PATH: folders }),
    ...(home !== undefined && { HOME: home }),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    ...Object.fromEntries(
      ['AUTHOR', 'COMMITTER'].flatMap((role) =>
        Object.entries(WHO).map(([what, value]) => [`GIT_${role}_${what}`, value]),
      ),
    ),
    ...(repository !== undefined && { GIT_DIR: repository }),
    ...(index !== undefined && { GIT_INDEX_FILE: index }),
    ...(tree !== undefined && { GIT_WORK_TREE: tree }),
  };
}

/** Of a long one its beginning and its end, which says why. */
function firstLine(text: string): string {
  const line = /^(?:fatal|error): (.*)$/m.exec(text)?.[1] ?? text.split('\n')[0]!;
  return line.length <= 300 ? line : `${line.slice(0, 150)}…${line.slice(-150)}`;
}

/** @throws Failure `StoreUnavailable` where there is no git, or none that will do */
export async function checkGit(path: string | undefined): Promise<void> {
  const said = (await git({ path }, ['--version'])).out.toString().trim();
  if (gitThatWillDo(said) !== undefined) return;
  throw new Failure(
    'StoreUnavailable',
    `Workspaces want git ${GIT_NEEDED} or newer, and this is \`${said}\`. Install a newer one.`,
  );
}

const noGit = (): Failure =>
  new Failure(
    'StoreUnavailable',
    `Workspaces want git, and there is none on PATH. Install git ${GIT_NEEDED} or newer.`,
  );

/** Folders that git could not look into, which it says and then goes on. */
export const unopened = (err: string): string[] =>
  [...err.matchAll(/could not open directory '(.*)': /g)].map(([, path]) => path!);

/** @throws Refused where a name is no UTF-8 */
export function namesIn(out: Buffer): string[] {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(out).split('\0').slice(0, -1);
  } catch {
    throw new Refused('the name of a file is not UTF-8; rename it');
  }
}

export const lines = (names: readonly string[]): string => names.map((name) => `${name}\0`).join('');
