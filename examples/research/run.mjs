import { ANSWERS, read } from './extract.mjs';
import { runWith } from './standIn.mjs';

/** `node run.mjs [options of muster run]`, or any other command of muster: see standIn.mjs. */
await runWith(new URL('plan.yaml', import.meta.url), {
  name: 'simulated-extractive',
  says: 'picks sentences and does not think',
  home: 'simulated',
  answer({ prompt, properties }) {
    const [, answer] = Object.entries(ANSWERS).find(([property]) => properties[property]) ?? [];
    return answer?.(read(prompt));
  },
});
