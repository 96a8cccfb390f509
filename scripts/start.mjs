import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `npm start`: builds what is missing or older than its source, then runs the code review on a folder of real source.
 * Further arguments go to `muster run`; with `--crash` its worker is killed half-way.
 */
const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const PLAN = 'examples/code-review/plan.yaml';

const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
/** Of its files: a folder is as young as what was put there for a moment, and taken away. */
const newest = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, { parentPath, name }) => Math.max(latest, changed(join(parentPath, name))), 0);

// The bundle is what a build writes last.
if (changed(at('dist/workflow-bundle.js')) < newest(at('src'))) {
  console.error('Building.');
  await import('./build.mjs');
}

process.chdir(at('.'));
const args = process.argv.slice(2);
if (args.includes('--crash')) {
  const { crash } = await import('./crash.mjs');
  process.exitCode = await crash(
    PLAN,
    args.filter((arg) => arg !== '--crash'),
  );
} else {
  const { program } = await import('../dist/cli/program.js');
  process.exitCode = await program([...process.argv.slice(0, 2), 'run', PLAN, ...args]);
}
