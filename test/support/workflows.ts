import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { inject } from 'vitest';
import type { Activities } from '../../src/contracts/activities.js';
import type { RunInput, RunResult, ToRepair } from '../../src/contracts/run.js';
import type { UnitInput } from '../../src/contracts/unit.js';
import type { Unit, UnitGraph } from '../../src/core/graph/units.js';
import { type ClosingNote, unpacked } from '../../src/core/schedule/closing.js';
import { silent } from './silent.js';

Runtime.install({ logger: silent });

let bundle: Promise<{ code: string }> | undefined;
export const bundled = () =>
  (bundle ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url)),
    logger: silent,
  }));

/** A graph of single briefs by their needs, in short. */
export function graphOf(
  briefs: readonly (Partial<Unit> & { readonly after?: readonly number[] })[],
  options: Partial<UnitGraph> = {},
): UnitGraph {
  const sets: { success: number[] }[] = [];
  const units = briefs.map(
    ({ after, ...unit }, u): Unit => ({
      kind: 'brief',
      label: `b${u}`,
      rank: briefs.length - u,
      timeoutMs: 60_000,
      heartbeatMs: 10_000,
      ...(after?.length ? { needs: sets.push({ success: [...after] }) - 1 } : {}),
      ...unit,
    }),
  );
  return {
    v: 1,
    units,
    sets,
    capacities: [],
    concurrency: 10,
    waves: 'rolling',
    onFailure: 'continue',
    ...options,
  };
}

/** An activity that goes on until it is cancelled. */
export const untilCancelled = async () => {
  const context = Context.current();
  const beat = setInterval(() => context.heartbeat(), 50);
  await context.cancelled.catch(() => {}).finally(() => clearInterval(beat));
  return { status: 'cancelled' };
};

export interface Observed {
  /** Every call of `unit`, in order of start: `u` or `u.k`. */
  readonly started: string[];
  note?: ClosingNote;
}

/** A worker with the real workflow and activities that only note what was asked of them. */
export async function withWorker<R>(
  graph: UnitGraph,
  unit: (input: UnitInput) => Promise<{ status: string } | undefined> | undefined,
  use: (on: {
    start: (id?: string, input?: RunInput) => ReturnType<Client['workflow']['start']>;
    client: Client;
    queue: string;
    observed: Observed;
  }) => Promise<R>,
  options: {
    readonly maxCachedWorkflows?: number;
    readonly expand?: Activities['expand'];
    readonly readPatch?: Activities['readPatch'];
    /** What the integrator gives in place of a result, the first, the second time, and so on. */
    readonly sentBack?: (round: number) => ToRepair | undefined | Promise<ToRepair | undefined>;
    /** What a step of a tool loop comes to: `turn`, and `call`. */
    readonly steps?: Pick<Activities, 'turn' | 'call'>;
    /** Of runs within the run, by digest of their plan. */
    readonly graphs?: { readonly [plan: string]: UnitGraph };
  } = {},
): Promise<R> {
  const address = inject('address');
  const taskQueue = `t-${Math.random().toString(36).slice(2)}`;
  const observed: Observed = { started: [] };
  const activities = {
    compile: async ({ plan }: { readonly plan: { readonly digest: string } }) => ({
      plan: plan.digest,
      name: 'test',
      graph: options.graphs?.[plan.digest] ?? graph,
    }),
    expand: options.expand ?? (async () => ({ status: 'expanded', count: 0 })),
    ...options.steps,
    ...(options.readPatch && { readPatch: options.readPatch, notePatch: async () => {} }),
    unit: async (input: UnitInput) => {
      observed.started.push(input.k === undefined ? `${input.u}` : `${input.u}.${input.k}`);
      return { status: 'succeeded', tries: 1, ...(await unit(input)) };
    },
    integrate: async ({
      note,
      repairs = 0,
    }: {
      readonly note: ClosingNote;
      readonly repairs?: number;
    }): Promise<RunResult | ToRepair> => {
      observed.note = unpacked(note);
      const sent = await options.sentBack?.(repairs + 1);
      if (sent) return sent;
      return {
        status: note.reason === 'cancelled' ? 'cancelled' : 'complete',
        answer: 'a',
        report: { json: 'j', markdown: 'm' },
      };
    },
  };
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  try {
    const client = new Client({ connection });
    const worker = await Worker.create({
      connection: native,
      taskQueue,
      workflowBundle: await bundled(),
      activities,
      maxHeartbeatThrottleInterval: '100ms',
      ...(options.maxCachedWorkflows === undefined ? {} : { maxCachedWorkflows: options.maxCachedWorkflows }),
    });
    return await worker.runUntil(
      use({
        client,
        queue: taskQueue,
        observed,
        start: (id = taskQueue, input = { plan: { digest: 'd'.repeat(64) } }) =>
          client.workflow.start('run', { taskQueue, workflowId: id, args: [input] satisfies [RunInput] }),
      }),
    );
  } finally {
    await connection.close();
    await native.close();
  }
}
