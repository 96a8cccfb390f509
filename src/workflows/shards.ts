import {
  ChildWorkflowCancellationType,
  defineSignal,
  type ExternalWorkflowHandle,
  getExternalWorkflowHandle,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { type ShardInput, type ShardReport, SIGNALS } from '../contracts/shard.js';
import type { RunName } from '../contracts/unit.js';
import { type Node, nameOf } from '../core/graph/node.js';
import type { Command, Event, Reported } from '../core/schedule/state.js';
import { isCounted } from '../core/schedule/terrain.js';
import type { Course } from './course.js';

type Start = Command & { kind: 'shard' };
type Message = Command & { kind: 'lend' | 'pass' | 'inquire' };

/** What the run has to do with its shards: begin them, tell them, hear of them. */
export function shardsOf({
  run,
  course,
  widthOf,
  over,
  give,
}: {
  readonly run: RunName;
  /** What the run goes by now. */
  readonly course: () => Omit<Course, 'allowance'>;
  readonly widthOf: (u: number) => number;
  /** Gives the event of something that has ended. */
  readonly over: (node: Node, event: Event) => void;
  readonly give: (event: Event) => Promise<void>;
}) {
  /** By the name of the first instance. */
  const handles = new Map<string, Promise<ExternalWorkflowHandle | undefined>>();
  let begun = 0;
  if (course().graph.sharding)
    setHandler(defineSignal<[ShardReport]>(SIGNALS.reported), ({ u, k, ...report }) =>
      give({ kind: 'reported', u, k, ...report }),
    );

  function start({ u, k, kind: _, slots, ...contents }: Start): void {
    const { plan, graph, deadlineAt } = course();
    const input: ShardInput = {
      ...{ run, plan, u, k, slots, unit: graph.units[u]!, width: widthOf(u), ...contents },
      ...(deadlineAt !== undefined && { deadlineAt }),
      ...(graph.onFailure === 'stop' && { stop: true }),
      ...(isCounted(graph, u) && { counted: true }),
    };
    const { label } = graph.units[u]!;
    const workflowId = `${workflowInfo().workflowId}/${nameOf({ u, k })}/${++begun}`;
    const child = startChild('shard', {
      workflowId,
      args: [input],
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      staticSummary: `${label} ${k + 1} to ${k + contents.letters.length} of ${input.width}`,
    });
    handles.set(
      nameOf({ u, k }),
      child.then(
        () => getExternalWorkflowHandle(workflowId),
        () => undefined,
      ),
    );
    const end = (report: Reported) => {
      handles.delete(nameOf({ u, k }));
      over({ u, k }, { kind: 'reported', u, k, ...report, over: true });
    };
    child.then(
      (handle) =>
        handle.result().then(
          (report: Reported) => end(report),
          // It was ended by hand: only the logs tell what it had begun, and what became of it.
          () => end({ letters: '', back: 0, lost: true }),
        ),
      // Recalled before it began, or its id is taken: all of it waits again.
      () => end({ ...contents, back: 0 }),
    );
  }

  function tell({ u, k, ...message }: Message): void {
    const { lend, pass, inquire } = SIGNALS;
    const [signal, said] =
      message.kind === 'lend'
        ? [lend, message.slots]
        : message.kind === 'pass'
          ? [pass, message.said]
          : [inquire, message.ms];
    const name = nameOf({ u, k });
    const handle = handles.get(name);
    if (!handle) return;
    // One after the other. One that is over by now has no use for it.
    const next = handle.then(async (handle) => {
      await handle?.signal(signal, said).catch(() => undefined);
      return handle;
    });
    handles.set(name, next);
  }

  return { start, tell };
}
