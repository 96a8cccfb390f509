import {
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Ended, endOf } from './muster.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The repository as somebody has it who has cloned and installed it, in a folder of its own. */
export interface Checkout {
  readonly folder: string;
  /** Runs a line of shell in it. What npm links comes first on PATH; nobody's Temporal and no model are set up. */
  sh(line: string): Promise<Ended>;
  close(): Promise<void>;
}

export function checkout(): Checkout {
  const folder = mkdtempSync(join(tmpdir(), 'muster-checkout-'));
  const tree = join(folder, 'muster');
  const left = new Set(['node_modules', '.git']);
  cpSync(ROOT, tree, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => !left.has(basename(path)),
  });
  link(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  const prefix = join(folder, 'prefix');
  mkdirSync(join(prefix, 'lib'), { recursive: true });

  const inherited = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL|OPENAI)_/.test(name));
  const env = {
    ...Object.fromEntries(inherited),
    MUSTER_HOME: join(folder, 'home'),
    NO_COLOR: '1',
    npm_config_prefix: prefix,
    PATH: `${join(prefix, 'bin')}:${process.env.PATH}`,
  };
  const sh = (line: string) => endOf('sh', ['-c', line], { cwd: tree, env });
  return {
    folder: tree,
    sh,
    async close() {
      await sh('node dist/cli/main.js dev --stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same folders with the same files in them: to remove one here removes none there. */
function link(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [there, here] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) link(there, here);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(there), here);
    else hardLink(there, here);
  }
}

/** A copy where the two are on different disks. */
function hardLink(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
