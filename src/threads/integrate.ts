import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { systemClock } from '../adapters/clock.js';
import { sha256 } from '../adapters/digest.js';
import { type ExecutorConfig, executors } from '../adapters/executors/compose.js';
import { functionsDigest } from '../adapters/functionsDigest.js';
import { depots } from '../adapters/git/depots.js';
import { admissionOver } from '../adapters/governing/overPort.js';
import { fileScratch } from '../adapters/scratch.js';
import { fileStore } from '../adapters/stores/file.js';
import type { RunResult, ToRepair } from '../contracts/run.js';
import { Failure } from '../core/outcome/failure.js';
import { type IntegrateInput, integrateRun } from '../engine/integrateRun.js';
import type { Stoppable, ThreadReply } from './pool.js';

/** Plain data: it crosses into a thread. */
export interface IntegrateTask extends Omit<IntegrateInput, 'now'>, Stoppable {
  readonly storeRoot: string;
  /** Folder for workspaces. */
  readonly workspaces: string;
  /** What carries out that which the integrator asks. */
  readonly config: ExecutorConfig;
  /** To the gates that calls of models wait before; without, they go at once. */
  readonly gates?: MessagePort;
}

/**
 * Entry of a thread that integrates one run: merging 10,000 items must hold up no heartbeat. Asked to stop, it ends the
 * process group of `integrate.verify` before it answers: nobody else could.
 */
export default async function integrate({
  storeRoot,
  workspaces,
  config,
  port,
  gates,
  ...input
}: IntegrateTask): Promise<ThreadReply<RunResult | ToRepair>> {
  const controller = new AbortController();
  // What was sent while this waited for its thread.
  if (receiveMessageOnPort(port)) controller.abort();
  port.on('message', () => controller.abort());
  const lent = depots({ root: workspaces, path: config.env.PATH });
  const carriers = executors(config, gates && { admission: admissionOver(gates) });
  const scratch = fileScratch(workspaces);
  try {
    const effects = {
      store: await fileStore(storeRoot, { blocking: true }),
      digest: sha256,
      depots: lent,
      scratch,
      clock: systemClock,
      executors: carriers,
      ...(config.functions !== undefined && { functions: functionsDigest(config.functions) }),
      signal: controller.signal,
    };
    return { result: await integrateRun({ ...input, now: Date.now() }, effects) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { failure: { type: error.type, message: error.message } };
  } finally {
    scratch.close();
    await Promise.all([lent.close(), carriers.close()]);
    port.close();
    gates?.close();
  }
}
