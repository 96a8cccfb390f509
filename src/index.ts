/** The public surface: what another program may import. */
export {
  createMuster,
  type Muster,
  type MusterOptions,
  type RunReport,
  type RunView,
  taskQueueOf,
} from './client.js';
export type { Failure, FailureType } from './core/outcome/failure.js';
export type { Compiled, Source } from './core/plan/compile.js';
export type { Plan } from './core/plan/plan.js';
export type { Problem } from './core/plan/problems.js';
export { createWorker, type MusterWorker, type WorkerOptions } from './worker.js';
