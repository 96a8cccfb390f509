import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import {
  GOVERNED,
  GOVERNOR,
  type Governed,
  type GovernorInput,
  governorId,
  LEASE,
} from '../contracts/governor.js';
import type { Lease, Message } from '../core/govern/lease.js';

/** A governor that does not answer in time is asked again, ms. */
const ANSWER_MS = 10_000;

/** Asks the governor of a model, which begins where there is none. @throws where Temporal, or a worker of the queue, does not answer */
export const governors =
  (client: Client, taskQueue: string, host: string) =>
  (model: string, message: Message): Promise<Lease> =>
    client.withDeadline(Date.now() + ANSWER_MS, () =>
      client.workflow.executeUpdateWithStart<(input: GovernorInput) => Promise<void>, Lease, [Message]>(
        LEASE,
        {
          args: [message],
          startWorkflowOperation: new WithStartWorkflowOperation(GOVERNOR, {
            workflowId: governorId(taskQueue, host, model),
            workflowIdConflictPolicy: 'USE_EXISTING',
            taskQueue,
            args: [{}],
            staticSummary: `what may be asked of ${model} at ${host}`,
          }),
        },
      ),
    );

/** Longest wait for one governor, ms; and most that are looked at. */
const LOOK_MS = 2_000;
const LOOKED_AT = 10;

/** What governors of a queue say, by provider and model; those of which no worker answers are left out. */
export async function governedBy(
  client: Client,
  taskQueue: string,
): Promise<readonly (Governed & { readonly of: string })[]> {
  const start = governorId(taskQueue, '', '').slice(0, -1);
  const query = `WorkflowType = "${GOVERNOR}" AND ExecutionStatus = "Running" AND TaskQueue = "${taskQueue}"`;
  const found: (Governed & { readonly of: string })[] = [];
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (found.length === LOOKED_AT) break;
    const ask = () => client.workflow.getHandle(workflowId).query<Governed>(GOVERNED);
    const said = await client.withDeadline(Date.now() + LOOK_MS, ask).catch(() => undefined);
    if (said) found.push({ of: workflowId.slice(start.length), ...said });
  }
  return found;
}
