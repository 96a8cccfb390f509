import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { nodeNamed } from '../core/graph/node.js';
import type { Asked, Event, State } from '../core/schedule/state.js';

/** Resolves when it has been taken. */
export type Give = (event: Event) => Promise<void>;

/** Gives an event when its time has come, unless the scope it runs in is cancelled first. @param at ms since the epoch */
export async function giveAt(at: number, event: Event, give: Give): Promise<void> {
  try {
    await sleep(Math.max(1, at - Date.now()));
    await give(event);
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}

/** Timers of questions that do not wait for ever. They follow the state, so the next execution has them as well. */
export function createExpiries(give: Give) {
  const parent = CancellationScope.current();
  const timers = new Map<string, { readonly question: Asked; readonly scope: CancellationScope }>();

  function set(name: string, question: Asked, until: number): void {
    const scope = new CancellationScope({ cancellable: true, parent });
    timers.set(name, { question, scope });
    const answer = { verdict: 'expired', digest: question.digest } as const;
    void scope.run(() => giveAt(until, { kind: 'answer', ...nodeNamed(name), answer }, give));
  }

  return {
    follow({ asked = {} }: Pick<State, 'asked'>): void {
      for (const [name, { question, scope }] of timers) {
        const now = asked[name];
        if (now && !now.answer && now.since === question.since && now.digest === question.digest) continue;
        timers.delete(name);
        scope.cancel();
      }
      for (const [name, question] of Object.entries(asked))
        if (question.until !== undefined && !question.answer && !timers.has(name))
          set(name, question, question.until);
    },
  };
}
