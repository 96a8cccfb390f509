import { expecting, Failure } from '../core/outcome/failure.js';
import { suspects } from '../core/outcome/fold.js';
import type { Anew, Content } from '../core/outcome/rows.js';
import { inForce } from '../core/plan/fallback.js';
import type { Executor, Executors } from '../ports/executor.js';
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
import { beat, enter, keyOf, openUnit } from './holding.js';
import type { Effects, Ended, Lease } from './lease.js';
import { beginLoop } from './loop/begin.js';
import { endLoop } from './loop/end.js';
import { makeTry, type Tried } from './makeTry.js';
import { leftInDoubt, lost } from './once.js';
import { inputFailure, type Prepared, prepare } from './prepare.js';
import { standing, takeBack } from './record.js';
import { contentOfTry, filesWritten, findResult, offer, type Result } from './reuse.js';
import { askedAsOften } from './several.js';
import { beginWithin } from './subRun.js';
import { endWithin } from './subRunEnd.js';
import { reasonOf } from './tries.js';
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
    // What it came to is taken down, however late that is.
    const loop = lease.loop?.try === tries + 1 ? lease.loop : undefined;
    if (begun > tries) return inDoubt(unit, { number: begun, started: now }, lost(unit));
    if (lease.signal.aborted) return leave(unit, { number: 0, started: now });
    if (now >= unit.endsAt && !loop) return outOfTime(unit, now);
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
    if (loop) {
      if ((await enter(unit, prepared, before)) !== before) continue;
      return endLoop(unit, prepared, work, { content, loop });
    }
    const doubt = await leftInDoubt(unit);
    if (doubt) return inDoubt(unit, { number: 0, started: now }, doubt);
    const isNew = log.state.tries === 0 && log.state.sentBack === undefined;
    const found = isNew ? await findResult(unit, prepared, { content, start }) : {};
    if ('reused' in found) return useAgain(unit, prepared, content, found);
    const held = await heldAgain(unit, work);
    if (held) return held;
    if ((await enter(unit, prepared, before)) !== before) continue;
    const begins = await beginLoop(unit, work);
    return begins ?? tryOnce(unit, prepared, work, { content, start, ...found });
  }
}

/** Of one that waits for a raise a look at the budget is enough: in a long pause no row says each time that it is still so. */
async function heldAgain({ lease, brief, held, label }: Unit, { told }: Ready): Promise<Ended | undefined> {
  const isFirst = lease.holder.attempt === 1;
  if (isFirst || told.kind !== 'ask' || brief.tools || brief.batch) return undefined;
  const why = await held(told, label);
  return why && { kind: 'again', delayMs: why.detail.retryAfterMs!, reason: reasonOf(why) };
}

const prepareTry = (unit: Unit): Promise<Prepared> =>
  prepare(whoNeeds(unit), unit.effects.digest, unit.log.state, unit.fan);

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
    makeTry(unit, {
      ...under,
      ...space,
      bindings,
      work: space ? workIn(space.folder, work.told) : work.told,
      key: keyOf(unit, work),
      executor: askedAsOften(unit, bindings, executor),
      accepted: brief.variants !== undefined,
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
  // Of what took place already nothing is to take place twice: it does not wait.
  if (failure.detail.held && !tried.tookPlace) return hold(unit, failure);
  const stopped = failure.type === 'Cancelled' && lease.signal.aborted;
  return stopped ? leave(unit, under, tried) : failed(unit, under, failure, tried);
}

/** What the needs left makes no folder: that is this brief's failure, and no fault of the machine. */
const unwritable = (error: unknown): Tried => ({ failure: expecting('OutputInvalid')(error) });
