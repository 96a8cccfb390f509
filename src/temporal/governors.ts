import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { GOVERNOR, type GovernorInput, governorId, LEASE } from '../contracts/governor.js';
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
