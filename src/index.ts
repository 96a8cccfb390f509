/** The public surface: what another program may import. */

export type { CallContext, CallFunction, FunctionTool } from './adapters/executors/callFunction.js';
export type { McpServer, Policy, ToolPolicy } from './adapters/executors/policy.js';
export { fileStore } from './adapters/stores/file.js';
export { definePlan } from './client/definePlan.js';
export {
  type CreateOptions,
  createMuster,
  type Due,
  type Gate,
  type GateAnswer,
  type Muster,
  type MusterOptions,
  musterOn,
  type NewSchedule,
  type PatchOptions,
  type PatchResult,
  type Pruned,
  type PruneOptions,
  type RunEvent,
  type RunReport,
  type ScheduleHistory,
  type Schedules,
  type ScheduleView,
  type SoundRules,
  type Startable,
  type Started,
  type StartOptions,
  type Timetable,
  type WatchOptions,
} from './client.js';
export { taskQueueOf } from './contracts/run.js';
export type { RunView } from './core/explain/runView.js';
export { csvOf } from './core/integrate/csv.js';
export type { Report } from './core/integrate/report.js';
export type { Table } from './core/integrate/table.js';
export { Failure, type FailureType } from './core/outcome/failure.js';
export type { Compiled, Source } from './core/plan/compile.js';
export type { Plan } from './core/plan/plan.js';
export type { Problem } from './core/plan/problems.js';
export type { CompiledRules, RulesDocument } from './core/plan/rules.js';
export type { PlanDocument } from './core/plan/schema.js';
export type { Store } from './ports/store.js';
export { createWorker, type WorkerOptions } from './worker.js';
export { type MusterWorker, type WorkerOnOptions, workerOn } from './workerOn.js';
