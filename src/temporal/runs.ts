import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Client,
  type WorkflowExecutionDescription,
  WorkflowFailedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure, tsToMs, WorkflowNotFoundError } from '@temporalio/common';
import {
  decodeFromPayloadsAtIndex,
  decodeOptionalFailureToOptionalError,
} from '@temporalio/common/lib/internal-non-workflow/codec-helpers.js';
import {
  type Addressed,
  type Answering,
  type GatesAnswer,
  type Limit,
  NOT_NOW,
  type Patching,
  QUERIES,
  type StatusAnswer,
  type Steered,
  UPDATES,
  type WavesAnswer,
} from '../contracts/messages.js';
import type { RunInput, RunResult } from '../contracts/run.js';
import type { Beat } from '../contracts/unit.js';
import { FAILURE_TYPES, Failure, type FailureType } from '../core/outcome/failure.js';
import { Taken } from './taken.js';

/** A unit that Temporal has in hand: waiting for a worker, running, or between two attempts. */
export interface Pending {
  /** `u` or `u.k`; `compile` and `integrate` have numbers of Temporal's own and are left out. */
  readonly node: string;
  readonly running: boolean;
  /** Temporal's delivery, counted from 1. */
  readonly attempt: number;
  readonly beat?: Beat;
  readonly lastFailure?: string;
  /** When the next attempt is due, ms since the epoch. */
  readonly nextAt?: number;
}

export interface Described {
  readonly open: boolean;
  /** Temporal's word: RUNNING, COMPLETED, FAILED, TERMINATED, … */
  readonly state: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** First execution run id. */
  readonly first: string;
  /** Digest of the stored plan that it was started with; absent where that was given as JSON. */
  readonly plan?: string;
  /** What it has in hand itself; {@link runsOf}`.pending` adds what its shards have. */
  readonly pending: readonly Pending[];
  /** Ids of the shards and tool loops that run. */
  readonly shards: readonly string[];
}

/** A worker has so long to take up what a run is asked, ms. */
const UPDATE_MS = 30_000;
/** To ask once more a run that was going over to its next history. */
const AGAIN_MS = 200;

/** Talking to the service about runs. A run nobody knows is `undefined`, never an exception. */
export function runsOf(client: Client, taskQueue: string) {
  const handle = (id: string) => client.workflow.getHandle(id);
  return {
    /** @throws Failure InvalidInput where there is a run of that id, open or not. */
    async start(id: string, input: RunInput, summary: string): Promise<{ first: string }> {
      try {
        const started = await client.workflow.start('run', {
          workflowId: id,
          taskQueue,
          args: [input],
          staticSummary: firstBytes(summary, 400),
          ...('digest' in input.plan ? { memo: { plan: input.plan.digest } } : {}),
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        });
        return { first: started.firstExecutionRunId };
      } catch (error) {
        if ((error as Error).name !== 'WorkflowExecutionAlreadyStartedError') throw error;
        throw new Taken(id);
      }
    },

    describe: (id: string) => known(async () => described(client, await handle(id).describe())),

    /** Units in hand, those of shards and tool loops as well: each is asked, and may be over by now. */
    async pending({ pending, shards }: Described): Promise<readonly Pending[]> {
      const asked = shards.map((id) =>
        known(async () => this.pending(await described(client, await handle(id).describe()))),
      );
      return [...pending, ...(await Promise.all(asked)).flatMap((one) => one ?? [])];
    },

    /** Undefined also where no worker answers within `ms`. */
    status: (id: string, ms = 2_000) =>
      known(() => answered(ms, client, () => handle(id).query<StatusAnswer>(QUERIES.status))),

    /** What waits for an answer. */
    gates: (id: string) => known(() => handle(id).query<GatesAnswer>(QUERIES.gates)),

    waves: (id: string) => known(() => handle(id).query<WavesAnswer>(QUERIES.waves)),

    cancel: (id: string) => known(async () => void (await handle(id).cancel())),

    /**
     * Undefined where there is no such run, or it is over.
     * @throws Failure `InvalidInput` where the run refuses it, `Unreachable` where no worker answers within 30 s
     */
    update: (id: string, name: keyof typeof UPDATES, asked?: Limit | Addressed | Answering | Patching) =>
      known(async (): Promise<Steered> => {
        for (const deadline = Date.now() + UPDATE_MS; ; await sleep(AGAIN_MS))
          try {
            return await client.withDeadline(deadline, () =>
              handle(id).executeUpdate<Steered, [typeof asked]>(UPDATES[name], { args: [asked] }),
            );
          } catch (error) {
            if (!(error instanceof WorkflowUpdateFailedError)) throw error;
            const { type, message } = error.cause as ApplicationFailure;
            if (type !== NOT_NOW || Date.now() > deadline)
              throw new Failure('InvalidInput', message, { cause: error });
          }
      }),

    history: (id: string) => known(() => handle(id).fetchHistory()),

    /** Waits for the end. @throws Failure with the type and message that the workflow failed with. */
    result: (id: string) =>
      known(async (): Promise<RunResult> => {
        try {
          return (await handle(id).result()) as RunResult;
        } catch (error) {
          if (error instanceof WorkflowFailedError) throw failureOf(error);
          throw error;
        }
      }),
  };
}
/** As much of the text as fits in so many bytes of UTF-8, whole characters only. */
export function firstBytes(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}

export type Runs = ReturnType<typeof runsOf>;

async function known<R>(ask: () => Promise<R>): Promise<R | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** A query needs a worker; without one it would hang until the server gives up. */
async function answered<R>(ms: number, client: Client, ask: () => Promise<R>): Promise<R | undefined> {
  try {
    return await client.withDeadline(Date.now() + ms, ask);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw error;
    return undefined;
  }
}

async function described(
  client: Client,
  { raw, runId, status, startTime, closeTime, memo }: WorkflowExecutionDescription,
): Promise<Described> {
  const pending = (raw.pendingActivities ?? []).map((activity) => pendingOf(client, activity));
  const shards = (raw.pendingChildren ?? []).filter(({ workflowTypeName }) =>
    PARTS.has(workflowTypeName ?? ''),
  );
  return {
    first: raw.workflowExecutionInfo?.firstRunId || runId,
    ...(typeof memo?.plan === 'string' && { plan: memo.plan }),
    open: status.name === 'RUNNING',
    state: status.name,
    startedAt: startTime.getTime(),
    ...(closeTime ? { endedAt: closeTime.getTime() } : {}),
    pending: (await Promise.all(pending)).flat(),
    shards: shards.flatMap(({ workflowId }) => workflowId ?? []),
  };
}

/** Workflows that carry out briefs of the run itself. */
const PARTS = new Set(['shard', 'toolLoop']);
/** Activities that carry out a brief, or a step of it. */
const OF_BRIEFS = new Set(['unit', 'expand', 'turn', 'call']);

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

async function pendingOf({ options }: Client, activity: PendingActivity): Promise<Pending[]> {
  if (!OF_BRIEFS.has(activity.activityType?.name ?? '')) return [];
  const { loadedDataConverter } = options;
  const payloads = activity.heartbeatDetails?.payloads;
  const beat = payloads?.length
    ? await decodeFromPayloadsAtIndex<Beat>(loadedDataConverter, 0, payloads)
    : undefined;
  const failure = (await decodeOptionalFailureToOptionalError(loadedDataConverter, activity.lastFailure))
    ?.message;
  return [
    {
      // Of a step what it is follows.
      node: activity.activityId?.split(' ')[0] ?? '',
      running: activity.lastStartedTime != null && activity.nextAttemptScheduleTime == null,
      attempt: activity.attempt ?? 1,
      ...(beat ? { beat } : {}),
      ...(failure ? { lastFailure: failure } : {}),
      ...(activity.nextAttemptScheduleTime ? { nextAt: tsToMs(activity.nextAttemptScheduleTime) } : {}),
    },
  ];
}

function failureOf(error: WorkflowFailedError): Failure {
  let cause: Error | undefined = error;
  while (cause && !(cause instanceof ApplicationFailure)) cause = cause.cause as Error | undefined;
  const type = cause?.type as FailureType | undefined;
  if (cause && type && FAILURE_TYPES.includes(type))
    return new Failure(type, cause.message, { cause: error });
  return new Failure(
    'IntegrationInvalid',
    `The run ended without a report: ${(cause ?? error.cause ?? error).message}`,
    {
      cause: error,
    },
  );
}
