import { runWith } from '../research/standIn.mjs';
import { write } from './headlines.mjs';

/** `node run.mjs [options of muster run]`, or any other command of muster: see ../research/standIn.mjs. */
await runWith(new URL('plan.yaml', import.meta.url), {
  name: 'simulated-headlines',
  says: 'cuts sentences short and does not think',
  home: 'simulated-variants',
  answer: write,
});
