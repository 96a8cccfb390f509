/** Every bench, one after the other: each in a process of its own, for they are not to warm each other up. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

for (const bench of [
  'dispatch',
  'start',
  'plan',
  'memory',
  'wide',
  'schedule',
  'real',
  'votes',
  'governor',
]) {
  console.log(`\n== ${bench}`);
  execFileSync(process.execPath, [fileURLToPath(new URL(`./${bench}.mjs`, import.meta.url))], {
    stdio: 'inherit',
  });
}
