import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineQuery,
  defineUpdate,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { GOVERNED, type Governed, type GovernorInput, LEASE } from '../contracts/governor.js';
import { asked } from '../core/govern/governor.js';
import type { Lease, Message } from '../core/govern/lease.js';
import { isIdle } from '../core/govern/resting.js';
import { fresh, type State, shown } from '../core/govern/state.js';

const lease = defineUpdate<Lease, [Message]>(LEASE);
const governed = defineQuery<Governed>(GOVERNED);

/** Events of a history, from which on another one is begun; an update makes five. */
const MOST_EVENTS = 2_000;
const IDLE_MS = 2 * 60_000;

/** One provider and model, for all workers of a store: what each may ask of it (`core/govern/governor`). */
export async function governor(input: GovernorInput): Promise<void> {
  const { idleMs = IDLE_MS } = input;
  let state: State = input.state ?? fresh(workflowInfo().firstExecutionRunId);
  setHandler(lease, (message) => {
    const answered = asked(state, message, Date.now());
    state = answered.state;
    return answered.lease;
  });
  setHandler(governed, () => shown(state));
  const isFull = () => workflowInfo().historyLength > MOST_EVENTS || workflowInfo().continueAsNewSuggested;
  for (;;) {
    if (await condition(isFull, idleMs)) {
      await condition(allHandlersFinished);
      return continueAsNew<typeof governor>({ ...input, state });
    }
    if (state.asked + idleMs <= Date.now() && isIdle(state, Date.now())) return;
  }
}
