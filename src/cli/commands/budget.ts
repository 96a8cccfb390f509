import type { Spent } from '../../core/budget/spent.js';
import { amountInWords, spentOf } from '../../core/budget/words.js';
import type { Limit } from '../../core/outcome/amount.js';
import { type Context, withSession } from '../context.js';
import { count } from '../views/quantities.js';

/** What a run has spent; with an amount, from now on it may spend that in all. @returns the exit code */
export const budget = (run: string, limit: Limit, context: Context): Promise<number> =>
  withSession(context, async ({ muster }) => {
    const changed = Object.keys(limit).length > 0 && (await muster.setBudget(run, limit));
    const spent = await muster.spent(run);
    context.screen.object({ run, ...spent, ...(Object.keys(limit).length > 0 && { changed }) });
    context.screen.answer(() => [`${run}: ${inWords(spent)}.`]);
    return 0;
  });

function inWords({ calls, limit = {}, guessed, open, ...amount }: Spent): string {
  return [
    count(calls, 'call'),
    Object.keys(limit).length > 0 ? `${spentOf(amount, limit)} spent` : `${amountInWords(amount)}, no limit`,
    ...(open > 0 ? [`${count(open, 'call')} under way counted as expected`] : []),
    ...(guessed > 0 ? [`${count(guessed, 'call')} counted as expected, for nobody said what they took`] : []),
  ].join(' · ');
}
