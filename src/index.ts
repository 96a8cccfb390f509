/** The public surface: what another program may import. */

export type { CallContext, CallFunction } from './adapters/executors/callFunction.js';
export type { Policy } from './adapters/executors/policy.js';
export { fileStore } from './adapters/stores/file.js';
export {
  createMuster,
  type Muster,
  type MusterOptions,
  type RunReport,
  type RunView,
} from './client.js';
export { taskQueueOf } from './contracts/run.js';
export { Failure, type FailureType } from './core/outcome/failure.js';
export type { Compiled, Source } from './core/plan/compile.js';
export type { Plan } from './core/plan/plan.js';
export type { Problem } from './core/plan/problems.js';
export type { Store } from './ports/store.js';
export { createWorker, type MusterWorker, type WorkerOptions } from './worker.js';
