import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createWorker } from 'muster';

/** What this worker has, and lets plans do. `MUSTER_HOME` and `TEMPORAL_ADDRESS` say for whom it works. */
export const options = {
  functions: new URL('functions.mjs', import.meta.url).href,
  policy: JSON.parse(readFileSync(new URL('policy.json', import.meta.url), 'utf8')),
  concurrency: 50,
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const worker = await createWorker(options);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => worker.shutdown());
  console.log(`Works on ${worker.taskQueue}, until ctrl-C.`);
  await worker.run();
}
