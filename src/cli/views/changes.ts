import type { Change } from '../../core/explain/changes.js';
import { cut } from './columns.js';
import type { Look } from './look.js';
import { statuses } from './marks.js';
import { clock, count, span } from './quantities.js';
import { inShort } from './reasons.js';

/** A change as one line for people, after the time since the run began; undefined where quiet is better. */
export function changeLine(
  change: Change,
  at: { readonly ms: number; readonly now: number },
  look: Look,
  verbose: boolean,
): string | undefined {
  const words = wordsOf(change, at.now, look, verbose);
  return words && cut(`${clock(at.ms).padStart(6)}  ${words}`, look.width);
}

function wordsOf(change: Change, now: number, { paint }: Look, verbose: boolean): string | undefined {
  switch (change.event) {
    case 'phase':
      return ['integrating', 'stopping', 'paused'].includes(change.phase) || verbose
        ? change.phase
        : undefined;
    case 'no-worker':
      return 'no worker answers: nothing is lost, and nothing goes on either. `muster dev` starts one.';
    case 'wave-began':
      return `wave ${change.wave} begins: ${change.briefs.join(', ')}`;
    case 'wave-ended': {
      const holes = change.holes ? `, ${count(change.holes, 'hole')}` : '';
      return `wave ${change.wave} ended: ${change.total - change.holes} of ${change.total} delivered${holes}`;
    }
    case 'brief-began':
      return verbose || change.try > 1
        ? `${change.brief}  try ${change.try} of ${change.tries} begins`
        : undefined;
    case 'brief-retries':
      return `${change.brief}  try ${change.try} of ${change.tries}: ${inShort(change.why, change.brief)}, next in ${span(Math.max(0, change.nextAt - now))}`;
    case 'gate-asks':
      return `${change.brief} waits for an answer: muster gates ${change.run}`;
    case 'counts':
      return `${change.ended} of ${change.total} ended: ${statuses(change.counts, paint)}`;
  }
}
