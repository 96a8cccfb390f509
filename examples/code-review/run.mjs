import { runWith } from '../research/standIn.mjs';
import { read } from './reader.mjs';

/** `node run.mjs [options of muster run]`, or any other command of muster: see ../research/standIn.mjs. */
await runWith(new URL('with-models.yaml', import.meta.url), {
  name: 'simulated-reader',
  says: 'looks for a few signs and does not think',
  home: 'simulated-reviews',
  answer: read,
});
