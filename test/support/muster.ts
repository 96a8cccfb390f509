import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject, it } from 'vitest';
import { createMuster, type Muster } from '../../src/client.js';
import type { Report } from '../../src/core/integrate/report.js';
import { readReport } from './report.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command to its end; -1 stands for a signal. */
export const endOf = (
  command: string,
  args: readonly string[],
  options: { readonly env: NodeJS.ProcessEnv; readonly cwd: string },
): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(command, args, { ...options, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });

/** A home of its own for the built product, as a user's machine would have it. */
export interface Place {
  readonly folder: string;
  readonly env: { [name: string]: string };
  /** Writes a file below the folder and returns its path. */
  write(name: string, content: string | object): string;
  read(name: string): string;
  /** Runs `muster ARGS` to its end. */
  muster(...args: readonly string[]): Promise<Ended>;
  /** Starts `muster ARGS` and leaves it running. */
  spawn(...args: readonly string[]): ChildProcess;
  /** A worker process that polls by now. */
  worker(...args: readonly string[]): Promise<ChildProcess>;
  /**
   * The same store and service by the library, in this process: for what is set up, waited for or asked again and again.
   * A command takes a second of a processor, so commands are for what they do and say themselves.
   */
  library(): Promise<Muster>;
  /** Ends what was started, and removes the folder. */
  close(): Promise<void>;
}

/** With `embedded`, Muster brings up its own server; else it uses the one all tests share. */
export function place({ embedded = false }: { readonly embedded?: boolean } = {}): Place {
  const folder = mkdtempSync(join(tmpdir(), 'muster-test-'));
  const children: ChildProcess[] = [];
  let opened: ReturnType<typeof createMuster> | undefined;
  const env: { [name: string]: string } = {
    ...(process.env as { [name: string]: string }),
    MUSTER_HOME: join(folder, 'home'),
    NO_COLOR: '1',
    ...(embedded ? {} : { TEMPORAL_ADDRESS: inject('address') }),
  };
  const start = (args: readonly string[]): ChildProcess => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env,
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    return child;
  };
  const at = (name: string) => join(folder, name);
  const muster = (...args: readonly string[]) =>
    endOf(process.execPath, [MAIN, ...args], { env, cwd: folder });
  return {
    folder,
    env,
    write(name, content) {
      writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
      return at(name);
    },
    read: (name) => readFileSync(at(name), 'utf8'),
    muster,
    spawn: (...args) => start(args),
    async worker(...args) {
      const child = start(['worker', ...args]);
      await new Promise<void>((resolve, reject) => {
        let said = '';
        const hear = (chunk: Buffer) => {
          said += chunk.toString();
          if (/working on|polls/i.test(said)) resolve();
        };
        child.stdout?.on('data', hear);
        child.stderr?.on('data', hear);
        child.once('exit', (code) => reject(new Error(`the worker ended with ${code}:\n${said}`)));
      });
      return child;
    },
    library: () => (opened ??= createMuster({ settings: env, bringUp: false })),
    async close() {
      await (await opened)?.close();
      for (const child of children) child.kill('SIGKILL');
      if (existsSync(at('home/supervisor.json'))) await muster('dev', '--stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits for the end of a run. @returns its report */
export async function endOfRun(here: Place, id: string): Promise<Report> {
  const muster = await here.library();
  for await (const { event } of muster.watch(id, { everyMs: LOOKING.interval })) if (event === 'ended') break;
  return readReport((await muster.result(id))!.json);
}

/** For `expect.poll` of what the library is asked, which takes next to nothing. */
export const LOOKING = { timeout: 60_000, interval: 100 };

/** A test of a server that Muster brings up, which says nothing about another one that all tests share. */
export const itEmbedded = it.skipIf(inject('temporal') !== 'embedded');

/** One line per execution of a command, written outside Muster: what really ran, and under which key. */
export interface Execution {
  readonly brief: string;
  readonly key: string;
  readonly try: string;
}
export function executions(text: string): readonly Execution[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Execution);
}

/** A command that notes its execution in `log`, takes `ms`, and prints `{"brief": …}`. */
export const NOTING = `
import { appendFileSync } from 'node:fs';
const [log, brief, ms] = process.argv.slice(2);
const { MUSTER_IDEMPOTENCY_KEY: key, MUSTER_TRY } = process.env;
appendFileSync(log, JSON.stringify({ brief, key, try: MUSTER_TRY }) + '\\n');
setTimeout(() => console.log(JSON.stringify({ brief })), Number(ms));
`;
