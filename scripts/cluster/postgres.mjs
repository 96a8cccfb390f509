import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kept } from './kept.mjs';

const HOST = '127.0.0.1';

/** PostgreSQL in a folder of its own, over TCP on loopback, with a password, as its container has it. */
export async function postgres({ bin, folder, port, user, password, say }) {
  const owner = unprivileged();
  const home = join(folder, 'postgres');
  mkdirSync(home, { mode: 0o700 });
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (owner) {
    // On the way to its own folder it goes through this one.
    chmodSync(folder, 0o711);
    for (const path of [home, passwordFile]) chownSync(path, owner.uid, owner.gid);
  }
  const options = { cwd: home, env: { PATH: bin, LC_ALL: 'C' }, ...owner };
  const data = join(home, 'data');
  await promisify(execFile)(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      user,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--data-checksums',
    ],
    options,
  );
  rmSync(passwordFile);
  const settings = [`listen_addresses=${HOST}`, `port=${port}`, 'unix_socket_directories='];
  const server = kept(
    { name: 'PostgreSQL', log: join(folder, 'postgres.log'), say },
    join(bin, 'postgres'),
    ['-D', data, ...settings.flatMap((one) => ['-c', one])],
    options,
  );
  const ready = () =>
    promisify(execFile)(join(bin, 'pg_isready'), ['-h', HOST, '-p', String(port), '-U', user]);
  // SIGINT is its fast shutdown: it waits for no client.
  return { ...server, ready, end: () => server.end('SIGINT') };
}

/** Whose name it runs under where this is root's, under which it will not. */
function unprivileged() {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag, name) => Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }));
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: id('-u', name), gid: id('-g', name) };
    } catch {}
  }
  throw new Error('PostgreSQL does not run as root, and there is no user `postgres` or `nobody`.');
}
