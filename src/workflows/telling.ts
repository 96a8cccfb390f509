import { condition } from '@temporalio/workflow';

/** What there is to tell waits for so much of the time it has gone on, a second at least; slots wait a minute at most, what is counted for seconds. */
const SHARE = 0.2;
const LEAST_MS = 1_000;
const SPARE_MS = 60_000;
const COUNTED_MS = 5_000;
/** Between two times, however urgent. */
const APART_MS = 250;

export interface News {
  readonly hasNews: boolean;
  readonly isUrgent: boolean;
  /** Whether it has slots to give back. */
  readonly hasBack: boolean;
  /** Whether somebody counts what has ended, and it may go on. */
  readonly isCounted?: boolean;
}

/**
 * Tells whoever began this workflow what there is to tell, seldom enough for the history of the other, until it is over.
 * @param soon how often within a second
 */
export async function goOnTelling(
  news: News,
  { isOver, tell, soon = 0 }: { isOver: () => boolean; tell: () => Promise<void>; soon?: number },
): Promise<void> {
  const began = Date.now();
  for (let times = 0; !isOver(); times++) {
    await condition(() => isOver() || news.hasNews);
    const share = times < soon ? 0 : SHARE * (Date.now() - began);
    const most = news.isCounted ? COUNTED_MS : news.hasBack ? SPARE_MS : Infinity;
    const patience = Math.min(Math.max(LEAST_MS, share), most);
    if (!isOver()) await condition(() => isOver() || news.isUrgent, patience);
    if (isOver()) break;
    await tell();
    await condition(isOver, APART_MS);
  }
}
