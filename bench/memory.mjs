/**
 * The worker process of the command line while it carries out 1,000 commands, 100 at a time: its peak resident memory
 * as the kernel keeps it (VmHWM, Linux).  node bench/memory.mjs [briefs]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { product } from './product.mjs';

const count = Number(process.argv[2] ?? 1000);
const { home, write, muster, close } = product();
const plan = write('many.json', {
  muster: 1,
  name: 'many',
  brief: 'Print a kilobyte, often.',
  limits: { concurrency: 100 },
  briefs: Array.from({ length: count }, (_, u) => ({
    id: `b${u}`,
    run: ['printf', '%1024d', `${u}`],
  })),
});
const peakMb = () => {
  const { workerPid } = JSON.parse(readFileSync(join(home, 'supervisor.json'), 'utf8'));
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${workerPid}/status`, 'utf8'))[1]) / 1024;
};
const first = muster('run', plan);
const once = peakMb();
muster('run', plan);
console.log(
  `worker, ${count} commands: peak ${once.toFixed(0)} MB after one run (${first.seconds.toFixed(1)} s), ${peakMb().toFixed(0)} MB after two`,
);
muster('dev', '--stop');
close();
