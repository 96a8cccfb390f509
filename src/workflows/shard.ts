import {
  CancellationScope,
  defineSignal,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type ShardInput, type ShardReport, SIGNALS } from '../contracts/shard.js';
import { graphOf, ShardBook, stateOf } from '../core/schedule/shardBook.js';
import type { Reported, State, Steering } from '../core/schedule/state.js';
import { allowanceOf, returnTo } from './allowances.js';
import { createDispatch } from './dispatch.js';
import { goOnTelling, type News } from './telling.js';

const lend = defineSignal<[number]>(SIGNALS.lend);
const pass = defineSignal<[Steering]>(SIGNALS.pass);
const inquire = defineSignal<[number]>(SIGNALS.inquire);

/**
 * Some instances of a fan, in a history of their own. It dispatches them with the slots it is lent, tells the run now and
 * then how they stand, and ends once nothing of it runs that it could go on with.
 */
export async function shard(input: ShardInput): Promise<Reported> {
  const { run, plan, u, k, width, deadlineAt, unit, slots } = input;
  const root = CancellationScope.current();
  const book = new ShardBook(input.letters, slots);
  const graph = graphOf(unit, slots);
  const allowance = unit.within && allowanceOf({ left: 0, had: 0 }, workflowInfo().parent!.workflowId);
  const dispatch = createDispatch({
    ...{ run, plan, graph, state: stateOf(graph, input), whole: { u, k, width } },
    ...(deadlineAt !== undefined && { deadlineAt }),
    ...(allowance && { allowance }),
    changed: settle,
  });
  const { give, state } = dispatch;
  const news: News = {
    get hasNews() {
      return book.hasNews(state());
    },
    get isUrgent() {
      return book.isUrgent || (input.stop === true && state().fans[0]!.includes('f'));
    },
    get hasBack() {
      return book.hasBack;
    },
    get isCounted() {
      return input.counted === true && book.hasSlots;
    },
  };
  setHandler(lend, (more) => give({ kind: 'concurrency', limit: book.lend(more) }));
  setHandler(pass, (said) => {
    book.adopt(said.k!);
    return give(said);
  });

  setHandler(inquire, (ms) => book.inquire(ms));

  return CancellationScope.nonCancellable(async () => {
    root.cancelRequested.catch(() => give({ kind: 'cancel' }));
    void give({ kind: root.consideredCancelled ? 'cancel' : 'begin' });
    let over = false;
    void dispatch.settled.then(() => {
      over = true;
    });
    const parent = getExternalWorkflowHandle(workflowInfo().parent!.workflowId);
    await goOnTelling(news, {
      isOver: () => over,
      async tell() {
        const report: ShardReport = { u, k, ...book.report(state()) };
        // A run that is gone takes its shards with it.
        await parent.signal(SIGNALS.reported, report).catch(() => undefined);
      },
    });
    if (allowance) await returnTo(workflowInfo().parent!.workflowId, allowance);
    return { ...book.report(state()), over: true };
  });

  function settle(now: State): void {
    const limit = book.settle(now);
    if (limit !== undefined) void give({ kind: 'concurrency', limit });
  }
}
