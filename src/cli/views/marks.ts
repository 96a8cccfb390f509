import type { RunView } from '../../core/explain/runView.js';
import { DELIVERED, STATUSES, type Status } from '../../core/outcome/outcome.js';
import type { Paint } from './look.js';

type Phase = RunView['phase'];
type Colour = 'green' | 'yellow' | 'red' | 'cyan' | 'dim';

const MARKS: { readonly [P in Phase]: readonly [mark: string, colour: Colour] } = {
  compiling: ['●', 'cyan'],
  running: ['●', 'cyan'],
  paused: ['‖', 'yellow'],
  stopping: ['●', 'yellow'],
  integrating: ['●', 'cyan'],
  complete: ['✔', 'green'],
  partial: ['◐', 'yellow'],
  failed: ['✖', 'red'],
  cancelled: ['○', 'yellow'],
  terminated: ['✖', 'red'],
};

/** `◐ partial`: the sign and the word, so that colour is never the only signal. */
export function mark(phase: Phase, paint: Paint): string {
  const [sign, colour] = MARKS[phase];
  return paint[colour](`${sign} ${phase}`);
}

/** `patched`, `patched 3 times`. */
export const patched = (times: number): string => (times === 1 ? 'patched' : `patched ${times} times`);

/** `199 succeeded · 2 repaired · 1 missing`, in the order of the vocabulary; none is left out. */
export function statuses(counts: { readonly [S in Status]?: number }, paint: Paint): string {
  return STATUSES.filter((status) => counts[status])
    .map((status) => {
      const words = `${counts[status]} ${status}`;
      return DELIVERED.has(status) || status === 'not-needed' ? words : paint.yellow(words);
    })
    .join(' · ');
}
