import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));

/** The built command line in a folder and a home of its own, with no service but its embedded server. */
export function product() {
  const folder = mkdtempSync(join(tmpdir(), 'muster-bench-'));
  const home = join(folder, 'home');
  const env = { ...process.env, MUSTER_HOME: home, TEMPORAL_ADDRESS: '' };
  return {
    home,
    write(name, document) {
      writeFileSync(join(folder, name), JSON.stringify(document));
      return join(folder, name);
    },
    /** Runs `muster ARGS`; gives its standard output and how long it took, in seconds. */
    muster(...args) {
      const from = performance.now();
      const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
        env,
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      });
      if (status !== 0) throw new Error(`muster ${args.join(' ')} ended with ${status}:\n${stderr}`);
      return { stdout, seconds: (performance.now() - from) / 1000 };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
