import { setTimeout as sleep } from 'node:timers/promises';
import { lifeline } from '../../src/temporal/lifeline.js';

// A worker whose start-up outlasts its supervisor, or does not. It ends with the code that says it was told.
if (process.argv[2] === 'late') while (process.connected) await sleep(5);
const busy = setInterval(() => {}, 60_000);
lifeline(() => {
  process.exitCode = 7;
  clearInterval(busy);
}).ready();
