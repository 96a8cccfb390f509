import { execFile } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { binaries } from './cluster/binaries.mjs';
import { kept } from './cluster/kept.mjs';
import { postgres } from './cluster/postgres.mjs';

/*
 * Temporal on PostgreSQL as docker-compose.yml has it, without containers: the same programs with the same files of deploy/,
 * on free ports of loopback, started in the same order on the same signs of health. One line of JSON on standard output
 * says that everything is up. SIGINT, SIGTERM, or whoever started it going away, ends it all and removes its folder.
 *
 *   npm run build && node scripts/cluster.mjs
 */
const HEALTHY_MS = 60_000;
const HOST = '127.0.0.1';
/** Ports over which the server's parts talk to each other. */
const INSIDE = [
  'FRONTEND_MEMBERSHIP',
  'HISTORY',
  'HISTORY_MEMBERSHIP',
  'MATCHING',
  'MATCHING_MEMBERSHIP',
  'WORKER',
  'WORKER_MEMBERSHIP',
];
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const run = promisify(execFile);
const say = (line) => console.error(line);

const folder = mkdtempSync(join(tmpdir(), 'muster-cluster-'));
const running = [];
let ending;
const end = (code) => (ending ??= endAll().then(() => process.exit(code)));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.once(signal, () => end(0));

async function endAll() {
  for (const one of running.toReversed()) await one.end();
  rmSync(folder, { recursive: true, force: true });
}

try {
  console.log(JSON.stringify(await start()));
} catch (error) {
  if (!ending) for (const one of running) say(one.tail());
  if (!ending) say(error.stderr || error.message);
  await end(1);
}

async function start() {
  const { postgres: bin, server, sql, temporal } = await binaries(say);
  const [database, frontend, ...others] = await freePorts(2 + INSIDE.length);
  const address = `${HOST}:${frontend}`;
  const namespace = 'default';
  // None of the user's own settings, and no profile in a home folder.
  const bare = { PATH: process.env.PATH, HOME: folder };

  const password = randomBytes(24).toString('base64');
  const db = await postgres({ bin, folder, port: database, user: 'temporal', password, say });
  running.push(db);
  await until(db.ready);

  const connection = {
    SQL_PLUGIN: 'postgres12',
    SQL_HOST: HOST,
    SQL_PORT: String(database),
    SQL_USER: 'temporal',
    SQL_PASSWORD: password,
  };
  await run('/bin/sh', [at('deploy/temporal/schema.sh')], { env: { ...bare, ...connection, SQL_TOOL: sql } });

  const env = {
    ...bare,
    ...connection,
    DYNAMIC_CONFIG: at('deploy/temporal/dynamic.yaml'),
    FRONTEND_PORT: String(frontend),
    ...Object.fromEntries(INSIDE.map((name, n) => [`${name}_PORT`, String(others[n])])),
  };
  const log = join(folder, 'server.log');
  const args = [
    '--root',
    at('deploy'),
    '--config',
    'temporal',
    '--env',
    'server',
    '--allow-no-auth',
    'start',
  ];
  const service = kept({ name: "Temporal's server", log, say }, server, args, { env });
  running.push({ ...service, end: () => service.end('SIGTERM') });
  await until(() => run(temporal, ['operator', 'cluster', 'health', '--address', address], { env: bare }));

  await run('/bin/sh', [at('deploy/temporal/namespace.sh')], {
    env: {
      ...bare,
      TEMPORAL_CLI: temporal,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
      RETENTION: '1d',
    },
  });
  return { address, namespace, postgres: db.pid(), temporal: service.pid() };
}

/** Until it is so, as a health check asks. */
async function until(healthy) {
  for (const late = Date.now() + HEALTHY_MS; ; await sleep(100)) {
    try {
      return await healthy();
    } catch (error) {
      if (ending || Date.now() > late) throw error;
    }
  }
}

/** Below 32,768: Temporal keeps them in a `smallint`, and what connects elsewhere gets its own port from above. */
async function freePorts(count) {
  const servers = [];
  while (servers.length < count) {
    const server = createServer();
    const free = await new Promise((resolve) => {
      server.once('error', () => resolve(false)).listen(randomInt(10_000, 32_768), HOST, () => resolve(true));
    });
    if (free) servers.push(server);
  }
  const ports = servers.map((server) => server.address().port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
