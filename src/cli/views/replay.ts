import { clean, hang } from './columns.js';
import type { Look } from './look.js';
import { count } from './quantities.js';

/** Where today's code and a recorded history part. */
export interface Divergence {
  /** Number of the event, from 1; absent where the history could not be replayed at all. */
  readonly event?: number;
  /** Temporal's name of it: `timerStarted`. */
  readonly type?: string;
  readonly message: string;
}

/** What is for people in a message of Temporal's core, which wraps it in its own account of the failure. */
export function reasonIn(message: string): string {
  const inner = /message: "((?:[^"\\]|\\.)*)"/.exec(message)?.[1] ?? message;
  return inner.replace(/^.*Nondeterminism error: /, '').replaceAll('\\"', '"');
}

export function replayView(
  id: string,
  events: number,
  divergence: Divergence | undefined,
  { paint, width }: Look,
): string[] {
  const head = `${clean(id)}  ${count(events, 'event')}`;
  if (!divergence) return [`${head}  ${paint.green('✔ replays')} with this version`];
  const { event, type, message } = divergence;
  const words = type?.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const where =
    event === undefined ? 'cannot be replayed' : `diverges at event ${event}${words ? ` (${words})` : ''}`;
  return [`${head}  ${paint.red(`✖ ${where}`)}`, '', ...hang(' ', clean(message), width)];
}
