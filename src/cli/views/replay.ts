import { clean, hang } from './columns.js';
import type { Look } from './look.js';
import { count } from './quantities.js';

/** A recorded history, as far as it is looked at here. */
export interface Recorded {
  readonly events?: readonly { readonly eventId?: unknown; readonly eventType?: unknown }[] | null;
}

/** Where today's code and a recorded history part. */
export interface Divergence {
  /** Number of the event; absent where the history could not be replayed at all. */
  readonly event?: number;
  readonly type?: string;
  readonly message: string;
}

/** Temporal's core names the event in its message: `HistoryEvent(id: 5, ActivityTaskScheduled)`. */
export function divergenceOf({ message }: Error, { events }: Recorded): Divergence {
  const found = /HistoryEvent\(id: (\d+)(?:, (\w+))?/.exec(message);
  if (!found) return { message };
  const event = Number(found[1]);
  const type = found[2] ?? events?.find(({ eventId }) => Number(eventId) === event)?.eventType;
  return { event, ...(typeof type === 'string' ? { type } : {}), message };
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
  const where =
    event === undefined ? 'cannot be replayed' : `diverges at event ${event}${type ? ` (${type})` : ''}`;
  return [`${head}  ${paint.red(`✖ ${where}`)}`, '', ...hang(' ', clean(message), width)];
}
