import { ChildWorkflowCancellationType, executeChild } from '@temporalio/workflow';
import type { LoopInput } from '../contracts/toolLoop.js';
import type { UnitResult } from '../contracts/unit.js';

/** Carries out a unit whose model may call tools, in a workflow of its own. */
export function loopFor(given: Omit<LoopInput, 'endsAt'>): Promise<UnitResult> {
  const { input, unit, node, summary } = given;
  const { withinMs } = unit;
  return executeChild('toolLoop', {
    workflowId: `${input.run.id}/${node}/tools/${input.dispatch}`,
    args: [
      { ...given, ...(withinMs !== undefined && { endsAt: Date.now() + withinMs }) } satisfies LoopInput,
    ],
    cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
    staticSummary: summary,
  }) as Promise<UnitResult>;
}
