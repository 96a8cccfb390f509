import { writeFileSync } from 'node:fs';
import { readConfig } from '../../src/config.js';
import { lifeline } from '../../src/temporal/lifeline.js';
import { supervise } from '../../src/temporal/supervisor.js';

if (process.argv[2] === 'dev') {
  await supervise(readConfig(), { entry: process.argv[1] ?? '' });
} else {
  if (process.env.TEST_WORKER_FAILS) {
    console.error('the functions module does not load');
    process.exit(1);
  }
  if (process.env.TEST_WORKER_SAW) {
    const { TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, MUSTER_HOME } = process.env;
    writeFileSync(
      process.env.TEST_WORKER_SAW,
      JSON.stringify({ TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, MUSTER_HOME }),
    );
  }
  const busy = setInterval(() => {}, 60_000);
  const leave = () => clearInterval(busy);
  process.once('SIGTERM', leave);
  lifeline(leave).ready();
}
