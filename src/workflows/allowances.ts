import {
  CancellationScope,
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type Answered, type Asked, SIGNALS } from '../contracts/subRun.js';
import { Allowance } from '../core/schedule/allowance.js';

const ask = defineSignal<[Asked]>(SIGNALS.ask);
const answered = defineSignal<[Answered]>(SIGNALS.answered);

/*
 * Letters about how many briefs there may be. A run that is cancelled answers and asks all the same: whoever waits for an
 * answer would wait for ever.
 */

/** How many briefs this run may come to with all runs within it, whom it answers. @param from what it begins with */
export function allowanceOf({ left, had }: Allowance['state'], parent?: string): Allowance {
  const allowance = new Allowance(left, had, parent === undefined ? undefined : asking(parent));
  setHandler(ask, async ({ from, n, count }) => {
    if (count < 0) return allowance.giveBack(-count);
    const granted = await allowance.take(count);
    // Whoever is gone has no use for it.
    await CancellationScope.nonCancellable(() =>
      getExternalWorkflowHandle(from).signal(answered, { n, granted }),
    ).catch(() => granted && allowance.giveBack(count));
  });
  return allowance;
}

function asking(parent: string): (count: number) => Promise<boolean> {
  const answers = new Map<number, boolean>();
  let asked = 0;
  setHandler(answered, ({ n, granted }) => {
    answers.set(n, granted);
  });
  return (count) =>
    CancellationScope.nonCancellable(async () => {
      const n = ++asked;
      await getExternalWorkflowHandle(parent).signal(ask, { from: workflowInfo().workflowId, n, count });
      await condition(() => answers.has(n));
      return answers.get(n)!;
    });
}

/** What is left when it is over goes back to its parent. */
export async function returnTo(parent: string, { state: { left } }: Allowance): Promise<void> {
  if (left === 0) return;
  const { workflowId: from } = workflowInfo();
  await getExternalWorkflowHandle(parent)
    .signal(ask, { from, n: 0, count: -left })
    .catch(() => undefined);
}
