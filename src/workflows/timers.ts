import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { nodeNamed } from '../core/graph/node.js';
import { duesOf } from '../core/graph/units.js';
import type { Asked, Event, State } from '../core/schedule/state.js';
import type { Course } from './course.js';

/** Resolves when it has been taken. */
export type Give = (event: Event) => Promise<void>;

/** Gives an event when its time has come, unless the scope it runs in is cancelled first. @param at ms since the epoch */
export async function giveAt(at: number, event: Event, give: Give): Promise<void> {
  try {
    if (at > Date.now()) await sleep(at - Date.now());
    await give(event);
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}

/** Timers of a run: its deadline, and times at which somebody goes by what there is. A new course takes the place of the old. */
export function createTimers(startedAt: number, give: Give) {
  let scope = new CancellationScope();
  const set = (at: number, event: Event) => void scope.run(() => giveAt(at, event, give));
  return {
    follow({ graph, deadlineAt }: Course): void {
      scope.cancel();
      scope = new CancellationScope();
      if (deadlineAt !== undefined) set(deadlineAt, { kind: 'deadline' });
      for (const ms of duesOf(graph)) set(startedAt + ms, { kind: 'due', ms });
    },
    stop: () => scope.cancel(),
  };
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
