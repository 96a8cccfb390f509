import { runWith } from '../research/standIn.mjs';
import { work } from './team.mjs';

/** `node run.mjs [options of muster run]`, or any other command of muster: see ../research/standIn.mjs. */
await runWith(new URL('plan.yaml', import.meta.url), {
  name: 'simulated-team',
  says: 'knows four functions and does not think',
  home: 'simulated-feature',
  answer: work,
});
