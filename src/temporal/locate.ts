import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Config, Service } from '../config.js';
import { withClaim } from './claim.js';
import { downloadBySdk, installByGo } from './install.js';
import { Unreachable } from './unreachable.js';

/** The last version that Go can install by itself: later ones have a `replace` in their go.mod. */
export const CLI_VERSION = '1.5.1';

/** Which server there is. */
export type Found =
  | { readonly how: 'service'; readonly service: Service }
  | { readonly how: 'path' | 'cache'; readonly binary: string };
export type Located = Found | { readonly how: 'download' | 'go'; readonly binary: string };

/** Looks, installs nothing: an existing service, `temporal` on PATH, the cached binary. */
export function find(config: Config): Found | undefined {
  if (config.service) return { how: 'service', service: config.service };
  const onPath = commandOnPath('temporal', config.environment.reveal().PATH);
  if (onPath) return { how: 'path', binary: onPath };
  const cached = cachedBinary(config);
  return executable(cached) ? { how: 'cache', binary: cached } : undefined;
}

/**
 * Finds a server, or installs one where there is none: by the SDK's own download, else by Go. Installers that
 * start together wait for the first of them.
 * @param onProgress gets a line a person can read, every few seconds at most
 * @throws Unreachable with the five ways to get a server
 */
export async function locate(
  config: Config,
  onProgress: (line: string) => void = () => {},
): Promise<Located> {
  const found = find(config);
  if (found) return found;
  const target = cachedBinary(config);
  const folder = join(config.cache, 'bin');
  const waiting = () => onProgress('Another process is installing the Temporal server; waiting for it.');
  return withClaim(folder, 'install', waiting, async () => {
    if (executable(target)) return { how: 'cache', binary: target };
    const environment = config.environment.reveal();
    onProgress(`Downloading the Temporal server (CLI ${CLI_VERSION}).`);
    const download = await downloadBySdk({ version: CLI_VERSION, target, environment });
    if (download.ok) return { how: 'download', binary: target };
    const go = commandOnPath('go', environment.PATH);
    if (!go) throw new Unreachable(fiveWays(target, download.why, 'go is not on PATH'));
    onProgress(`No download (${download.why}). Building it with Go instead, about three minutes, once.`);
    const built = await installByGo({ go, version: CLI_VERSION, target, environment, onProgress });
    if (built.ok) return { how: 'go', binary: target };
    throw new Unreachable(fiveWays(target, download.why, built.why));
  });
}

function fiveWays(target: string, download: string, go: string): string {
  return [
    'There is no Temporal server, and none could be installed. Any one of these will do:',
    '  1. TEMPORAL_ADDRESS, or a profile in temporal.toml, naming a service that exists',
    '  2. the `temporal` command on PATH (https://docs.temporal.io/cli)',
    `  3. that command copied to ${target}`,
    `  4. the download by the SDK, which needs https://temporal.download (${download})`,
    `  5. go install github.com/temporalio/cli/cmd/temporal@v${CLI_VERSION} (${go})`,
  ].join('\n');
}

export function cachedBinary(config: Config): string {
  return join(config.cache, 'bin', `temporal-${CLI_VERSION}${EXE}`);
}

const EXE = process.platform === 'win32' ? '.exe' : '';

export function commandOnPath(name: string, path: string | undefined): string | undefined {
  return (path ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name + EXE))
    .find(executable);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
