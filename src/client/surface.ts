import type { Client } from '@temporalio/client';
import type { ExecutorConfig } from '../adapters/executors/compose.js';
import type { Policy } from '../adapters/executors/policy.js';
import type { WavesAnswer } from '../contracts/messages.js';
import type { InlinePlan } from '../contracts/run.js';
import type { Spent } from '../core/budget/spent.js';
import type { RunView } from '../core/explain/runView.js';
import type { Report } from '../core/integrate/report.js';
import type { Table } from '../core/integrate/table.js';
import type { Limit } from '../core/outcome/amount.js';
import type { JsonObject } from '../core/outcome/canonical.js';
import type { Question } from '../core/outcome/gate.js';
import type { Usage } from '../core/outcome/usage.js';
import type { Compiled, Source } from '../core/plan/compile.js';
import type { Shown } from '../core/plan/gate.js';
import type { Difference, Plan } from '../core/plan/plan.js';
import type { Problem } from '../core/plan/problems.js';
import type { CompiledRules, RulesDocument } from '../core/plan/rules.js';
import type { PlanDocument } from '../core/plan/schema.js';
import type { Mark } from '../engine/marks.js';
import type { Pruned } from '../engine/prune/prune.js';
import type { RunEntry } from '../engine/runIndex.js';
import type { Store } from '../ports/store.js';
import type { RunEvent } from './events.js';
import type { PruneOptions } from './prune.js';
import type { Schedules } from './schedules/schedules.js';

export interface MusterOptions {
  readonly store: Store;
  /** Connects when first needed: `check`, `list`, `result` and `salvage` work without a service. */
  readonly connect: () => Promise<Client>;
  /** Where `check` looks for commands (PATH), and the environment of a `verify` command that `salvage` runs here. */
  readonly env?: { readonly [name: string]: string | undefined };
  /** Folder for workspaces; one of the system's temporary ones unless told. */
  readonly workspaces?: string;
  /** What `salvage` and `integrate` may run; any command unless told. */
  readonly policy?: Partial<Policy>;
  /** Where judges of those are asked, and the module whose functions bring items together for them. */
  readonly model?: ExecutorConfig['model'];
  readonly functions?: string;
  /** Removes what lies outside the store for a run that is removed, such as copies of its report. */
  readonly clear?: (run: { readonly id: string }) => Promise<void>;
}

export interface RunReport {
  readonly entry: RunEntry;
  readonly report: Report;
  /** `report.json`, `report.md` and `report.html` as stored. */
  readonly json: string;
  readonly markdown: string;
  /** Absent of a report that was stored before there were pages. */
  readonly html?: string;
}

/** A plan that is sound. */
export type Sound = Compiled & { readonly ok: true };
/** Other rules for a run that is over, and they are sound. */
export type SoundRules = CompiledRules & { readonly ok: true };
export type Startable = PlanDocument | Sound | InlinePlan;

export interface StartOptions {
  /** Of the run; a random one unless told. */
  readonly id?: string;
  /** For a plan as written: its params. */
  readonly params?: JsonObject;
  /** For a plan as written: absolute; its relative paths are relative to it, and its commands run there. */
  readonly folder?: string;
}
export interface Started {
  readonly id: string;
  /** First execution run id. */
  readonly first: string;
}

export interface PatchOptions extends Pick<StartOptions, 'params' | 'folder'> {
  /** Only what it would change is told. */
  readonly dryRun?: boolean;
}
export interface PatchResult extends Difference {
  /** Briefs that have begun or ended, as things stand: for their sake it is refused, or would be. */
  readonly begun: readonly string[];
}

export interface WatchOptions {
  /** Between two looks, ms; 500 unless told. */
  readonly everyMs?: number;
  readonly signal?: AbortSignal;
}

export interface DraftOptions {
  /** Path patterns of files that the plan may read, relative to `folder`. */
  readonly files?: readonly string[];
  /** Absolute; the plan is to be written there. */
  readonly folder: string;
  /** As the provider knows it. */
  readonly model: string;
  /** How often what is wrong goes back to the model; 3 unless told. */
  readonly rounds?: number;
}

/** A plan that a model wrote, for a person to read. Nothing was started, and nothing written. */
export interface Drafted {
  /** YAML. */
  readonly text: string;
  /** What the model says a reader should look at. */
  readonly notes: string;
  /** What is still wrong or doubtful. */
  readonly problems: readonly Problem[];
  /** Where nothing is wrong. */
  readonly compiled?: Sound;
  /** How often it was asked. */
  readonly calls: number;
  readonly usage?: Omit<Usage, 'model'>;
  /** Why it was not mended any further: asking again failed. It is the best of those before. */
  readonly broke?: string;
}

/** A gate that waits for an answer, and exactly what it shows. */
export interface Gate extends Question, Pick<Shown, 'title' | 'question' | 'context'> {
  /** Id of the run that asks: the one that was asked about, or one within it. */
  readonly run: string;
  /** Label: `release`, or `release[fastify]` of an instance. */
  readonly brief: string;
}

export interface GateAnswer {
  /** Of what was shown, or its first 8 hexadecimal digits or more. */
  readonly digest: string;
  /** Who says so; at most 100 bytes. They are taken at their word. */
  readonly by?: string;
  /** At most 400 bytes. */
  readonly note?: string;
}

/** Muster as a program uses it: plans in, runs followed, reports out. */
export interface Muster {
  /** Compiles a plan; nothing is started or stored. */
  check(source: Source): Promise<Compiled>;
  /**
   * Has a model write a plan for a question, and mends it with that model until it compiles, keeps to the policy of a plan that
   * came without a file, and is worth going side by side. Nothing is started or written.
   * @throws Failure `InvalidInput` where no provider is set up or a pattern matches no file, or what asking throws
   */
  draft(question: string, options: DraftOptions): Promise<Drafted>;
  /**
   * Starts a plan: as written, or compiled before; or as JSON that the worker will compile, which then may run no
   * commands unless the worker's policy says so.
   * @throws Failure `InvalidPlan` naming every problem, `InvalidInput` where the id is taken.
   */
  start(plan: Startable, options?: StartOptions): Promise<Started>;
  /**
   * The same under an id of the caller's; where a run of that id and that very plan is there, however it stands, that
   * run. So whoever does not know whether it has started may ask again.
   * @throws Failure `InvalidInput` where the id belongs to another plan
   */
  startOrAttach(
    plan: Startable,
    options: StartOptions & { readonly id: string },
  ): Promise<Started & { readonly attached: boolean }>;
  /**
   * Starts a run that uses again what another delivered, wherever nothing it was made from has changed; that one must
   * have ended. Without `plan`, the very plan it had, files and params as they were then.
   * @throws Failure `InvalidInput` where there is no such run, or it is still open
   */
  rerun(id: string, options?: StartOptions & { readonly plan?: Startable }): Promise<Started>;
  /** The plan of a run, as it was compiled. @throws Failure `InvalidInput` where there is no such run */
  planOf(id: string): Promise<Plan>;
  /**
   * Marks the result of a brief (`dig`, or an instance: `dig[pricing]`): a bad one is never used again.
   * @returns whether that changed anything
   * @throws Failure `InvalidInput` where there is no such run or brief
   */
  mark(id: string, brief: string, as: Mark): Promise<boolean>;
  /**
   * Keeps a run, with all that it refers to, until it is unpinned. One that a prune which died left hidden is listed again.
   * @returns whether that changed anything
   * @throws Failure `InvalidInput` where there is no such run
   */
  pin(id: string): Promise<boolean>;
  unpin(id: string): Promise<boolean>;
  /**
   * Removes runs that have ended, and what nothing else refers to: logs, artifacts, marks. Waits for another prune that is
   * at work.
   * @throws Failure `InvalidInput` where no criterion is given, or a run is named that there is not, is open or is pinned
   */
  prune(options: PruneOptions): Promise<Pruned>;
  /** Newest first; from the store, also when Temporal has forgotten. */
  list(): Promise<readonly RunEntry[]>;
  /** Undefined where neither the store nor Temporal knows the run. `id` may be any unambiguous beginning of one. */
  status(id: string): Promise<RunView | undefined>;
  /** What happens to a run, as it happens, until it has ended; of what happened before, how it stood when asked. */
  watch(id: string, options?: WatchOptions): AsyncIterable<RunEvent>;
  /** The whole view whenever it may have changed, until the run has ended. */
  views(id: string, options?: WatchOptions): AsyncIterable<RunView>;
  /** The stored report; undefined while there is none. */
  result(id: string): Promise<RunReport | undefined>;
  /**
   * Integrates what a run left that no code could finish: terminated by hand, or history lost. Kept as the run's
   * report where the service says that the run is over.
   */
  salvage(id: string): Promise<RunReport>;
  /**
   * Checks other rules for a run that has its report, against its plan: a whole plan, of which only `brief`, `requirements`
   * and `integrate` are read, or a document of these alone. Nothing is integrated.
   * @throws Failure `InvalidInput` where there is no such run, or it has no report
   */
  checkRules(run: string | RunReport, source: Source): Promise<CompiledRules>;
  /**
   * Integrates by other rules what a run delivered. No brief is carried out, and `result` gives the run's own report as
   * before; the same rules give the same report again.
   * @param run its id, or a report of it that is not kept as its own, as `salvage` may give one
   * @throws Failure `InvalidPlan` naming every problem, `InvalidInput` as `checkRules`
   */
  integrate(run: string | RunReport, rules: RulesDocument | PlanDocument | SoundRules): Promise<RunReport>;
  /**
   * Writes every list of the merged data, and all of the answer that is too long for the report (`answer.apart`), into a folder
   * that is new or empty: each list whole, as JSON Lines, named by its place in the answer (`data.rows.jsonl`).
   * @param folder absolute
   * @throws Failure `InvalidInput` where the folder holds something
   */
  apart(report: RunReport, folder: string): Promise<void>;
  /**
   * The merged data of a report as tables, to be written as CSV with `csvOf`: all of it, also what lies apart.
   * @param how `from`: with a column of those who said the item
   */
  tables(report: RunReport, how?: { readonly from?: boolean }): Promise<readonly Table[]>;
  /**
   * Writes the merged tree of a run whose briefs had workspaces of their own into a folder that is new or empty.
   * @param folder absolute
   * @throws Failure `InvalidInput` where there is no such tree, or the folder holds something
   */
  files(id: string, folder: string): Promise<void>;
  /** The same as a patch against what the workspaces began with, for `git apply` at the root of that. */
  filesPatch(id: string): Promise<Uint8Array>;
  /** Asks the run to stop; it still integrates. False where no run of that id is open. */
  cancel(id: string): Promise<boolean>;
  /**
   * Steering a run that goes on; each says whether there was anything to do. A paused run starts nothing new, and what
   * runs goes on.
   * @throws Failure `InvalidInput` where no run of that id is open, or it has no such brief
   */
  pause(id: string): Promise<boolean>;
  /** What models took so far for a run, with runs within it; from the store. @throws Failure `InvalidInput` where there is no such run */
  spent(id: string): Promise<Spent>;
  /**
   * What a run may spend in all from now on, of what is given; what waits for more goes on within 15 s. Of one that has ended,
   * what integrating it again may ask.
   * @returns whether that changed anything
   * @throws Failure `InvalidInput` where there is no such run, or nobody knows what one of its models costs
   */
  setBudget(id: string, limit: Limit): Promise<boolean>;
  resume(id: string): Promise<boolean>;
  /** @param limit briefs at once, from 1 to 500 */
  setConcurrency(id: string, limit: number): Promise<boolean>;
  /**
   * Leaves a brief out, a whole fan-out or one instance (`dig[pricing]`): where it runs it is stopped.
   * @param brief its id, or the label of an instance
   */
  skip(id: string, brief: string): Promise<boolean>;
  /** Does once more what ended without what was asked of it, and what never began because of it. */
  retry(id: string, brief: string): Promise<boolean>;
  /**
   * Lets an open run go on by the plan as it is written now, all of it or nothing: briefs may be added, changed or taken
   * out that have not begun. Params and inputs stay as the run began with them.
   * @param options `params` of the plan that the run's has none of, `folder` where the run's plan had none
   * @throws Failure `InvalidPlan` naming every problem, `InvalidInput` where it would change what has begun, is another
   * question's, or no run of that id is open
   */
  patch(id: string, plan: PlanDocument | Sound, options?: PatchOptions): Promise<PatchResult>;
  /**
   * What waits for a person, in a run and in runs within it, with what is shown to them, in plan order.
   * @throws Failure `InvalidInput` where there is no such run
   */
  gates(id: string): Promise<readonly Gate[]>;
  /**
   * Answers a gate. The first answer counts.
   * @param brief its id, or the label of an instance
   * @returns whether it was new: false where that very answer has been given
   * @throws Failure `InvalidInput` where something else is asked there by now, or nothing, or the other answer was first
   */
  approve(id: string, brief: string, answer: GateAnswer): Promise<boolean>;
  reject(id: string, brief: string, answer: GateAnswer): Promise<boolean>;
  readonly schedules: Schedules;
  waves(id: string): Promise<WavesAnswer | undefined>;
  /** The recorded history, for replay. */
  history(id: string): Promise<unknown>;
}
