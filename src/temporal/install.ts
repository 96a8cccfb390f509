import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Environment } from '../config.js';

export type Installed = { readonly ok: true } | { readonly ok: false; readonly why: string };

interface Order {
  readonly version: string;
  /** Where the binary is to be; it appears there whole or not at all. */
  readonly target: string;
  readonly environment: Environment;
}

/** Without a byte more for so long, a download counts as impossible: another way is tried. */
const STALL_MS = 10_000;

/**
 * The SDK downloads the command line only on the way to starting a test server, so one is started and ended, in a
 * process of its own: a hung download can then be killed.
 */
export async function downloadBySdk({ version, target, environment }: Order): Promise<Installed> {
  const folder = scratch(target);
  const child = spawn(
    process.execPath,
    [
      '--eval',
      DOWNLOAD,
      createRequire(import.meta.url).resolve('@temporalio/testing'),
      folder,
      `v${version}`,
    ],
    { env: { ...environment }, stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const binary = join(folder, `temporal-v${version}${target.endsWith('.exe') ? '.exe' : ''}`);
  const stalled = stallWatch(binary, () => killGroup(child));
  const { lines } = await finished(child);
  clearInterval(stalled.timer);
  // The download may be whole although the server did not start in time.
  const whole = existsSync(binary);
  if (whole) renameSync(binary, target);
  rmSync(folder, { recursive: true, force: true });
  if (whole) return { ok: true };
  return { ok: false, why: stalled.fired() ? `no answer for ${STALL_MS / 1000} s` : reasonIn(lines) };
}

const DOWNLOAD = `
const [testing, downloadDir, version] = process.argv.slice(1);
require(testing).TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir, version }, log: { format: 'text', level: 'never' } },
}).then((server) => server.teardown()).then(() => process.exit(0), (error) => { console.error(error.message); process.exit(1); });
`;

function stallWatch(binary: string, onStall: () => void): { timer: NodeJS.Timeout; fired(): boolean } {
  let size = -1;
  let since = Date.now();
  let fired = false;
  const timer = setInterval(() => {
    const now = statSync(`${binary}.downloading`, { throwIfNoEntry: false })?.size ?? -1;
    if (now !== size) [size, since] = [now, Date.now()];
    if (Date.now() - since < STALL_MS) return;
    fired = true;
    onStall();
  }, 250);
  return { timer, fired: () => fired };
}

/** Compiles the command line from source; minutes on a small machine, the first time. */
export async function installByGo(
  order: Order & { readonly go: string; readonly onProgress: (line: string) => void },
): Promise<Installed> {
  const { go, version, target, environment, onProgress } = order;
  const folder = scratch(target);
  const child = spawn(go, ['install', '-v', `github.com/temporalio/cli/cmd/temporal@v${version}`], {
    env: { ...environment, GOBIN: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const started = Date.now();
  let packages = 0;
  child.stderr?.on('data', (chunk: Buffer) => {
    packages += chunk.toString().split('\n').length - 1;
  });
  const timer = setInterval(() => {
    const seconds = Math.round((Date.now() - started) / 1000);
    onProgress(`Building the Temporal server with Go: ${packages} modules and packages, ${seconds} s.`);
  }, 10_000);
  const { code, lines } = await finished(child);
  clearInterval(timer);
  if (code === 0) renameSync(join(folder, `temporal${target.endsWith('.exe') ? '.exe' : ''}`), target);
  rmSync(folder, { recursive: true, force: true });
  return code === 0 ? { ok: true } : { ok: false, why: reasonIn(lines) };
}

/** A fresh folder beside the target, so that the last step is a rename; leavings of a killed installer go. */
function scratch(target: string): string {
  const folder = join(dirname(target), 'installing');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The last lines of stderr and how it ended; a child that could not be started ended too. */
function finished(child: ChildProcess): Promise<{ code: number | null; lines: string[] }> {
  let tail = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString()).slice(-2_000);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: null, lines: [error.message] }));
    child.once('close', (code) => resolve({ code, lines: tail.trim().split('\n') }));
  });
}

function reasonIn(lines: readonly string[]): string {
  const last = lines.at(-1) ?? '';
  return /dns error|Name or service not known/.test(last)
    ? 'no internet: the name cannot be looked up'
    : last.slice(-200);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
