import { isAbsolute } from 'node:path';
import type { RunWork } from '../../core/plan/render.js';
import type { Task } from '../../ports/executor.js';

/** What every command gets of the worker's environment, beside PATH; everything else, keys above all, stays with the worker. */
export const USUAL = [
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_*',
  'TZ',
  'TMPDIR',
  'TERM',
  'NODE_ENV',
  'NODE_EXTRA_CA_CERTS',
];

export type Env = { readonly [name: string]: string | undefined };

/** Whether one of the patterns names it: `X_*` is every name that begins so. */
export const named = (patterns: readonly string[], name: string): boolean =>
  patterns.some((p) => (p.endsWith('*') ? name.startsWith(p.slice(0, -1)) : name === p));

/** Bytes of findings, as JSON in UTF-8: the system gives no process a variable of 128 KiB, and all of them have one limit. */
const FINDINGS_BYTES = 32 * 1024;

/** The last of the findings, as many as there is room for. */
function lastOf(findings: readonly string[]): string {
  let from = findings.length;
  // Two brackets, and a comma for each but one.
  let bytes = 1;
  while (from > 0) {
    bytes += Buffer.byteLength(JSON.stringify(findings[from - 1])) + 1;
    if (bytes > FINDINGS_BYTES) break;
    from--;
  }
  return JSON.stringify(findings.slice(from));
}

/** The environment of one command: the usual names, `more`, and Muster's own. */
export const commandEnv = (
  env: Env,
  more: readonly string[],
  task: Pick<Task<RunWork>, 'key' | 'try' | 'work'>,
): Env => ({
  ...usualEnv(env, more),
  MUSTER_IDEMPOTENCY_KEY: task.key,
  MUSTER_TRY: String(task.try),
  ...(task.work.findings && { MUSTER_FINDINGS: lastOf(task.work.findings) }),
});

/** What of the worker's environment a process gets: the usual names, and `more`. */
export function usualEnv(env: Env, more: readonly string[]): { readonly [name: string]: string } {
  const allowed = (name: string) => named([...USUAL, ...more], name);
  // A relative folder on PATH, and so an empty PATH too, would let the folder that a command runs in decide what
  // a name means; without a PATH the system's own folders are searched.
  const { PATH = '', ...rest } = env;
  const path = PATH.split(':').filter(isAbsolute).join(':');
  return {
    ...Object.fromEntries(
      Object.entries(rest).flatMap(([name, value]) =>
        value !== undefined && allowed(name) ? [[name, value]] : [],
      ),
    ),
    ...(path && { PATH: path }),
  };
}
