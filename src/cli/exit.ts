import type { RunView } from '../core/explain/runView.js';

/** Exit codes; public contract. */
export const EXIT = {
  /** Every requirement covered and no hole. */
  complete: 0,
  /** No usable report, or stopped. */
  failed: 1,
  invalidInput: 2,
  /** A report with a hole or an unmet requirement. */
  partial: 3,
  cancelled: 4,
  /** Temporal is unreachable. */
  unreachable: 5,
  /** Left running. */
  detached: 6,
} as const;

export function exitOf(phase: RunView['phase']): number {
  switch (phase) {
    case 'complete':
      return EXIT.complete;
    case 'partial':
      return EXIT.partial;
    case 'cancelled':
      return EXIT.cancelled;
    case 'failed':
    case 'terminated':
      return EXIT.failed;
    case 'compiling':
    case 'running':
    case 'paused':
    case 'stopping':
    case 'integrating':
      return EXIT.detached;
  }
}
