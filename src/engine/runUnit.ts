import type { Beat } from '../contracts/unit.js';
import { nameOf } from '../core/graph/node.js';
import { expecting, Failure } from '../core/outcome/failure.js';
import { suspects, type UnitState } from '../core/outcome/fold.js';
import { compareHolders } from '../core/outcome/outcome.js';
import type { Anew, Content } from '../core/outcome/rows.js';
import { inForce } from '../core/plan/fallback.js';
import { effectKey, inputDigest } from '../core/plan/keys.js';
import type { AskWork } from '../core/plan/render.js';
import type { Executor, Executors, Progress, Task } from '../ports/executor.js';
import { acceptingOf } from './accepting.js';
import { answeredOr } from './batch/answered.js';
import {
  failed,
  handBack,
  hold,
  inDoubt,
  leave,
  notNeeded,
  outOfTime,
  succeeded,
  whoNeeds,
} from './endings.js';
import { askPerson } from './gate.js';
import { inTime } from './handOff.js';
import type { Effects, Ended, Lease } from './lease.js';
import { openLog } from './log.js';
import { makeTry, type Tried } from './makeTry.js';
import { beginning, leftInDoubt, lost } from './once.js';
import { briefAt } from './outputs.js';
import { askOfUnit } from './payers.js';
import { loadPlan } from './plans.js';
import { inputFailure, type Prepared, prepare } from './prepare.js';
import { standing, takeBack } from './record.js';
import { contentOfTry, filesWritten, findResult, offer, type Result } from './reuse.js';
import { readState } from './segments.js';
import { askedAsOften } from './several.js';
import { beginWithin } from './subRun.js';
import { endWithin } from './subRunEnd.js';
import type { Unit } from './unit.js';
import { inWorkspace, type Start, startOf, workIn } from './workspace.js';

export type { Effects, Ended, Lease } from './lease.js';

/*
 * One brief, or one instance of a fan, carried out by one holder (ENGINE.md, "One unit, run").
 *  1. What is recorded is returned, not repeated.
 *  2. Before an effect begins no lower holder can commit any more: this holder has written, or is the very first.
 *  3. Whatever a lower holder committed until then was read before the effect begins.
 *  4. A try's outcome is durable before anything is said about it.
 *  5. So an effect is repeated only where its outcome was not recorded, and then under the same key.
 */

/** Holders that fell silent before a brief gets a process of its own. */
const SUSPECTS = 2;
/** Characters of a note that a heartbeat carries. */
const NOTE_LENGTH = 120;

type Ready = NonNullable<Prepared['work']>;

/** @throws Failure `StoreUnavailable`, `Superseded`, `ContractViolation` where something stored cannot be read */
export async function runUnit(lease: Lease, effects: Effects): Promise<Ended> {
  const unit = await openUnit(lease, effects);
  const { plan, brief } = unit;
  if (brief.executor.kind === 'gate') return askPerson(unit, brief.executor.text);
  if (!brief.workspace || !plan.base) return carryOn(unit);
  return effects.depots(plan.base.pack.digest, (depot) => carryOn({ ...unit, depot }));
}

async function carryOn(given: Unit): Promise<Ended> {
  const { lease, effects, log } = given;
  await takeBack(log, lease, effects.store);
  for (;;) {
    const unit = { ...given, brief: inForce(given.brief, log.state.fellBack) };
    const now = effects.clock.now();
    const recorded = standing(log, now);
    if (recorded) return recorded;
    const { begun, tries } = log.state;
    if (begun > tries) return inDoubt(unit, { number: begun, started: now }, lost(unit));
    if (lease.signal.aborted) return leave(unit, { number: 0, started: now });
    if (now >= unit.endsAt) return outOfTime(unit, now);
    const before = log.state;
    beat(unit, 'reading');
    const prepared = await inTime(unit, before, () => prepareTry(unit)).catch(inputFailure);
    if (prepared instanceof Failure)
      return failed(unit, { number: log.state.tries + 1, started: now }, prepared);
    const { work } = prepared;
    if (!work) return notNeeded(unit, now, prepared);
    if (work.plain.kind === 'plan') {
      // A lower holder that committed meanwhile has changed what is to be done: look again.
      if ((await enter(unit, prepared, before)) !== before) continue;
      const { within } = lease;
      return within ? endWithin(unit, prepared, work, within) : beginWithin(unit, work.plain);
    }
    const start = await startOf(unit, prepared);
    const content = await contentOfTry(unit, prepared, start).catch(inputFailure);
    if (content instanceof Failure)
      return failed(unit, { number: log.state.tries + 1, started: now }, content);
    const doubt = await leftInDoubt(unit);
    if (doubt) return inDoubt(unit, { number: 0, started: now }, doubt);
    const isNew = log.state.tries === 0 && log.state.sentBack === undefined;
    const found = isNew ? await findResult(unit, prepared, { content, start }) : {};
    if ('reused' in found) return useAgain(unit, prepared, content, found);
    if ((await enter(unit, prepared, before)) === before)
      return tryOnce(unit, prepared, work, { content, start, ...found });
  }
}

export async function openUnit(lease: Lease, effects: Effects): Promise<Unit> {
  const { u, k, run, holder } = lease;
  const { store, clock, executors, isolated } = effects;
  const { plan } = await loadPlan(store, lease.plan);
  const brief = briefAt(plan, u);
  const fan = k === undefined ? undefined : await readState(store, { run: run.first, unit: nameOf({ u }) });
  const key = k === undefined ? undefined : fan?.expansion?.keys[k];
  const log = await openLog(store, { run: run.first, unit: nameOf({ u, k }) }, holder);
  const paid = (ask: Executor<AskWork>) => askOfUnit({ store, clock, executors: { ask } }, lease, plan, log);
  return {
    lease,
    effects: {
      ...effects,
      executors: { ...executors, ask: answeredOr(paid(executors.ask), lease, effects, brief, log) },
      isolated: (task) =>
        task.work.kind === 'ask'
          ? paid(isolated as Executor<AskWork>)(task as Task<AskWork>)
          : isolated(task),
    },
    plan,
    brief,
    log,
    ...(fan && { fan }),
    ...(key !== undefined && { key }),
    label: key === undefined ? brief.id : `${brief.id}[${key}]`,
    endsAt: lease.scheduledAt + (brief.withinMs ?? Number.POSITIVE_INFINITY),
  };
}

const prepareTry = (unit: Unit): Promise<Prepared> =>
  prepare(whoNeeds(unit), unit.effects.digest, unit.log.state, unit.fan);

/** Records what the try is given and fences off lower holders. Returns the state in which that was done; as `before`, the try begins. */
async function enter(
  { lease: { holder }, brief, log }: Unit,
  { row }: Prepared,
  before: UnitState,
): Promise<UnitState> {
  const first = holder.dispatch === 1 && holder.attempt === 1;
  let entered = log.state;
  await log.append((_, state) => {
    entered = state;
    const fenced = first || state.holders.some((seen) => compareHolders(seen.holder, holder) === 0);
    return [
      ...(row && !state.inputs ? [row] : []),
      ...(fenced ? [] : [{ row: 'fence' } as const]),
      ...(state === before ? beginning(brief, state) : []),
    ];
  });
  return entered;
}

/** No effect begins, so nobody need be fenced off: where a lower holder was first, its row stands. */
function useAgain(
  unit: Unit,
  { row }: Prepared,
  content: Content,
  { tried, ...found }: Result,
): Promise<Ended> {
  const started = unit.effects.clock.now();
  const made = { content, ...found, ...(row && { inputs: row }) };
  return succeeded(unit, { number: 0, started }, tried, made);
}

async function tryOnce(
  unit: Unit,
  { bindings }: Prepared,
  work: Ready,
  {
    content,
    anew,
    start,
  }: { readonly content: Content; readonly anew?: Anew; readonly start: Start | undefined },
): Promise<Ended> {
  const { lease, effects, log, brief } = unit;
  const { executors, isolated, clock } = effects;
  const under = { number: log.state.tries + 1, started: clock.now(), ...(anew && { anew }) };
  const crashing = suspects(log.state, lease.holder) >= SUSPECTS;
  // Each executor is only ever given work of its own kind.
  const executor = crashing ? isolated : (executors[work.told.kind as keyof Executors] as Executor);
  const trying = inWorkspace(unit, bindings, start?.tree, (space) =>
    makeTry({
      ...unit,
      ...under,
      ...space,
      bindings,
      work: space ? workIn(space.folder, work.told) : work.told,
      key: keyOf(unit, work),
      executor: askedAsOften(unit, bindings, executor),
      accepted: brief.variants !== undefined,
      accepting: acceptingOf(unit),
      digest: effects.digest,
      clock,
      signal: lease.signal,
      doing: (what, progress) => beat(unit, what, under.started, progress),
    }),
  );
  const tried = await trying.catch(unwritable);
  beat(unit, 'recording', under.started);
  const { failure } = tried;
  if (tried.waited) return handBack(unit);
  if (!failure) {
    const wrote = await filesWritten(unit, bindings);
    const made = {
      content,
      ...(wrote !== undefined && { wrote }),
      ...(tried.files && { files: tried.files }),
    };
    const ended = await succeeded(unit, under, tried, made);
    if (!log.state.final?.fallback) await offer(unit, content);
    return ended;
  }
  if (failure.detail.held) return hold(unit, failure);
  const stopped = failure.type === 'Cancelled' && lease.signal.aborted;
  return stopped ? leave(unit, under, tried) : failed(unit, under, failure, tried);
}

/** What the needs left makes no folder: that is this brief's failure, and no fault of the machine. */
const unwritable = (error: unknown): Tried => ({ failure: expecting('OutputInvalid')(error) });

export function keyOf({ lease, effects: { digest }, brief, key, log }: Unit, { plain }: Ready): string {
  const input = inputDigest(plain, digest);
  const { generation } = log.state;
  const parts = { run: lease.run.first, brief: brief.id, input, generation };
  return effectKey({ ...parts, ...(key !== undefined && { key }) }, digest);
}

function beat(
  { lease, effects, log }: Unit,
  doing: Beat['doing'],
  since?: number,
  progress?: Progress,
): void {
  effects.beat({
    ...shown(progress),
    try: log.state.tries + 1,
    attempts: lease.holder.attempt,
    doing,
    ...(since !== undefined && { since }),
  });
}

/** What a heartbeat has room for of a progress, which may come from a function somebody wrote in plain JavaScript. */
function shown(progress: Progress | undefined): Progress {
  const { bytes, tokens, note } = progress ?? {};
  return {
    ...(Number.isFinite(bytes) && { bytes }),
    ...(Number.isFinite(tokens) && { tokens }),
    ...(typeof note === 'string' && { note: note.slice(0, NOTE_LENGTH) }),
  };
}
