import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { readConfig, searchPath } from '../../dist/config.js';
import { commandOnPath, locate } from '../../dist/temporal/locate.js';

/** The programs in the images of docker-compose.yml, found on this machine or built for it. */
export async function binaries(say) {
  const config = readConfig();
  const cache = join(config.cache, 'bin');
  return {
    postgres: postgresFolder(),
    ...temporalServer(cache, serverVersion(), say),
    // The command line, which is in those images too; it is what `muster run` brings up.
    temporal: (await locate({ ...config, service: undefined }, say)).binary,
  };
}

function serverVersion() {
  const file = fileURLToPath(new URL('../../docker-compose.yml', import.meta.url));
  return parse(readFileSync(file, 'utf8'), { merge: true }).services.temporal.image.split(':')[1];
}

/** Where `initdb` and its like are; Debian keeps each major version in a folder of its own, and none of them on PATH. */
function postgresFolder() {
  const onPath = commandOnPath('initdb', searchPath());
  // A link leads to where the others are too.
  if (onPath) return dirname(realpathSync(onPath));
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => b - a) : [];
  const found = versions
    .map((version) => join(root, version, 'bin'))
    .find((bin) => existsSync(join(bin, 'initdb')));
  if (!found) throw new Error('There is no PostgreSQL here (no initdb on PATH): apt-get install postgresql');
  return found;
}

/** Temporal's server and SQL tool, built once by Go. */
function temporalServer(cache, version, say) {
  const found = {
    server: join(cache, `temporal-server-${version}`),
    sql: join(cache, `temporal-sql-tool-${version}`),
  };
  if (existsSync(found.server) && existsSync(found.sql)) return found;
  const go = commandOnPath('go', searchPath());
  if (!go) throw new Error(`${found.server} is not there, and Go is not on PATH to build it.`);
  say(`Building Temporal's server ${version} and its SQL tool with Go: some minutes, once.`);
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(cache, 'building-'));
  const packages = ['server', 'tools/sql'].map((name) => `go.temporal.io/server/cmd/${name}@v${version}`);
  try {
    execFileSync(go, ['install', ...packages], { env: { ...process.env, GOBIN: folder }, stdio: 'inherit' });
    renameSync(join(folder, 'sql'), found.sql);
    renameSync(join(folder, 'server'), found.server);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return found;
}
