import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';

const SCRIPT = fileURLToPath(new URL('../../scripts/cluster.mjs', import.meta.url));

/** Temporal on PostgreSQL, as docker-compose.yml has it: each of the two is started again when it is killed. */
export interface Cluster {
  readonly address: string;
  /** Process numbers, of those that were started first. */
  readonly postgres: number;
  readonly temporal: number;
  end(): Promise<void>;
}

export async function startCluster(): Promise<Cluster> {
  // It ends with whoever started it: the channel tells.
  const script = spawn(process.execPath, [SCRIPT], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const ended = once(script, 'exit');
  const [line] = (await Promise.race([
    once(createInterface({ input: script.stdout! }), 'line'),
    ended.then(() => Promise.reject(new Error('Temporal on PostgreSQL did not come up.'))),
  ])) as [string];
  return {
    ...JSON.parse(line),
    async end() {
      script.kill('SIGTERM');
      await ended;
    },
  };
}

/** One for all server tests, in place of the embedded server (`npm run test:postgres`). */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startCluster();
  project.provide('address', cluster.address);
  project.provide('temporal', 'postgres');
  return () => cluster.end();
}
