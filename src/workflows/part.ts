import { defineSignal, getExternalWorkflowHandle, setHandler, workflowInfo } from '@temporalio/workflow';
import { type Part, SIGNALS, type Wants } from '../contracts/subRun.js';
import type { UnitGraph } from '../core/graph/units.js';
import { Borrowing } from '../core/schedule/borrowing.js';
import type { State } from '../core/schedule/state.js';
import { demandOf } from '../core/schedule/step.js';
import type { Dispatch } from './dispatch.js';
import { goOnTelling } from './telling.js';

/** What it can do shows by then. */
const SOON = 8;

const lend = defineSignal<[number]>(SIGNALS.lend);
const paused = defineSignal<[boolean]>(SIGNALS.paused);

/** What a run has to do with the run it is within: it uses the slots it is lent, and says how many it has a use for. */
export function partOf({ node, slots }: Part) {
  const book = new Borrowing(slots);
  const parent = getExternalWorkflowHandle(workflowInfo().parent!.workflowId);
  let give: Dispatch['give'];
  let over = false;

  async function tell(): Promise<void> {
    const wants: Wants = { ...node, ...book.report() };
    // A run that is gone takes what is within it with it.
    await parent.signal(SIGNALS.wants, wants).catch(() => undefined);
  }

  return {
    begin(dispatch: Dispatch, isPaused: boolean): void {
      give = dispatch.give;
      void give({ kind: 'lent', slots });
      if (isPaused) void give({ kind: 'pause' });
      setHandler(lend, (more) => give({ kind: 'lent', slots: book.lend(more) }));
      setHandler(paused, (said) => give({ kind: said ? 'pause' : 'resume' }));
      void goOnTelling(book, { isOver: () => over, tell, soon: SOON });
    },
    changed(state: State, graph: UnitGraph): void {
      const limit = book.settle(demandOf(graph, state));
      if (limit !== undefined) void give({ kind: 'lent', slots: limit });
    },
    end: () => {
      over = true;
    },
    /** Before it goes on in another execution: what it has not told yet. */
    async tellTheLast(): Promise<void> {
      if (book.hasNews) await tell();
    },
    /** Slots that it holds. */
    held: () => book.held,
  };
}
