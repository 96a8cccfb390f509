import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { readConfig } from '../../src/config.js';
import { untilAnswers } from '../../src/temporal/connection.js';
import { prepareHome, tailOf } from '../../src/temporal/home.js';
import { locate } from '../../src/temporal/locate.js';
import { freePorts } from '../../src/temporal/ports.js';
import { end, processOf } from '../../src/temporal/processes.js';
import { embeddedService, startServer } from '../../src/temporal/server.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** `host:port` of the server all tests share; each test takes its own task queue. */
    address: string;
    /** What that server is. */
    temporal: 'embedded' | 'postgres';
  }
}

/** One Temporal server for all server tests, found or installed the way a user's is. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'muster-tests-'));
  prepareHome(home);
  const environment = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  const config = readConfig({ ...Object.fromEntries(environment), MUSTER_HOME: home });
  const located = await locate(config, (line) => console.log(line));
  if (located.how === 'service')
    throw new Error('Tests bring their own server; take temporal.toml out of the way.');

  const { binary } = located;
  // A port that was free may be taken by the time that the server listens: once more, with others, as the product does.
  const { address, server } = await started().catch((error) => {
    console.warn(`${error.message} Its log ends:\n${tailOf(home, 'server')}`);
    return started();
  });
  project.provide('address', address);
  project.provide('temporal', 'embedded');
  return async () => {
    if (server) await end(server, 5_000);
    rmSync(home, { recursive: true, force: true });
  };

  async function started() {
    const ports = await freePorts();
    const { namespace, durability } = config;
    const child = startServer({ binary, home, namespace, durability, ports });
    const gone = new AbortController();
    child.once('exit', () => gone.abort());
    const service = embeddedService(`127.0.0.1:${ports[0]}`, namespace);
    await untilAnswers(service, 60_000, gone.signal);
    return { address: service.address, server: child.pid === undefined ? undefined : processOf(child.pid) };
  }
}
