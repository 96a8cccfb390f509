import { runWith } from '../research/standIn.mjs';
import { grade } from './grader.mjs';

/** `node run.mjs [options of muster run]`, or any other command of muster: see ../research/standIn.mjs. */
await runWith(new URL('plan.yaml', import.meta.url), {
  name: 'simulated-grader',
  says: 'counts words and does not think',
  home: 'simulated-grades',
  answer: grade,
});
