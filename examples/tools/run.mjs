import { fileURLToPath } from 'node:url';
import { runWith } from '../research/standIn.mjs';
import { reckon } from './clerk.mjs';

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

// What the worker lets models call, and the module that has the functions: of your own worker it is you who says so.
Object.assign(process.env, { MUSTER_POLICY: here('policy.yaml'), MUSTER_FUNCTIONS: here('tools.mjs') });

/** `node run.mjs [options of muster run]`, or any other command of muster: see ../research/standIn.mjs. */
await runWith(new URL('plan.yaml', import.meta.url), {
  name: 'simulated-bookkeeper',
  says: 'calls tools by rule and does not think',
  home: 'simulated-tools',
  answer: reckon,
});
