import {
  CancellationScope,
  condition,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type ShardInput, type ShardReport, SIGNALS } from '../contracts/shard.js';
import { graphOf, ShardBook, stateOf } from '../core/schedule/shardBook.js';
import type { Reported, State, Steering } from '../core/schedule/state.js';
import { createDispatch } from './dispatch.js';

/** What a shard has to tell waits for so much of the time it has run, a second at least; slots wait a minute at most. */
const SHARE = 0.2;
const LEAST_MS = 1_000;
const SPARE_MS = 60_000;
/** Between two reports, however urgent. */
const APART_MS = 250;

const lend = defineSignal<[number]>(SIGNALS.lend);
const pass = defineSignal<[Steering]>(SIGNALS.pass);

/**
 * Some instances of a fan, in a history of their own. It dispatches them with the slots it is lent, tells the run now and
 * then how they stand, and ends once nothing of it runs that it could go on with.
 */
export async function shard(input: ShardInput): Promise<Reported> {
  const { run, plan, u, k, width, deadlineAt, unit, slots } = input;
  const root = CancellationScope.current();
  const book = new ShardBook(input.letters, slots);
  const graph = graphOf(unit, slots);
  const dispatch = createDispatch({
    ...{ run, plan, graph, state: stateOf(graph, input), whole: { u, k, width } },
    ...(deadlineAt !== undefined && { deadlineAt }),
    changed: settle,
  });
  const { give, state } = dispatch;
  setHandler(lend, (more) => give({ kind: 'concurrency', limit: book.lend(more) }));
  setHandler(pass, (said) => {
    book.adopt(said.k!);
    return give(said);
  });

  return CancellationScope.nonCancellable(async () => {
    root.cancelRequested.catch(() => give({ kind: 'cancel' }));
    void give({ kind: root.consideredCancelled ? 'cancel' : 'begin' });
    let over = false;
    void dispatch.settled.then(() => {
      over = true;
    });
    const parent = getExternalWorkflowHandle(workflowInfo().parent!.workflowId);
    const began = Date.now();
    while (!over) {
      await condition(() => over || book.hasNews(state()));
      const patience = Math.max(LEAST_MS, SHARE * (Date.now() - began));
      if (!over)
        await condition(() => over || isUrgent(), book.hasSpare ? Math.min(patience, SPARE_MS) : patience);
      if (over) break;
      const report: ShardReport = { u, k, ...book.report(state()) };
      // A run that is gone takes its shards with it.
      await parent.signal(SIGNALS.reported, report).catch(() => undefined);
      await condition(() => over, APART_MS);
    }
    return { ...book.report(state()), over: true };
  });

  function settle(now: State): void {
    const limit = book.settle(now);
    if (limit !== undefined) void give({ kind: 'concurrency', limit });
  }

  function isUrgent(): boolean {
    return book.isUrgent || (input.stop === true && state().fans[0]!.includes('f'));
  }
}
