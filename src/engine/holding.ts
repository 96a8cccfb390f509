import type { Beat } from '../contracts/unit.js';
import { nameOf } from '../core/graph/node.js';
import type { UnitState } from '../core/outcome/fold.js';
import { compareHolders } from '../core/outcome/outcome.js';
import { effectKey, inputDigest } from '../core/plan/keys.js';
import type { AskWork } from '../core/plan/render.js';
import type { Executor, Progress, Task } from '../ports/executor.js';
import { answeredOr } from './batch/answered.js';
import type { Effects, Lease, StepOf } from './lease.js';
import { openLog } from './log.js';
import { beginning } from './once.js';
import { briefAt } from './outputs.js';
import { payerOfUnit } from './payers.js';
import { loadPlan } from './plans.js';
import type { Prepared } from './prepare.js';
import { readState } from './segments.js';
import type { Unit } from './unit.js';

/* What a holder does whatever it holds: opens the log, keeps lower ones out, names its effect, tells how it stands. */

/** Characters of a note that a heartbeat carries. */
const NOTE_LENGTH = 120;

export async function openUnit(lease: Lease, effects: Effects, step?: StepOf): Promise<Unit> {
  const { u, k, run, holder } = lease;
  const { store, clock, executors, isolated } = effects;
  const { plan } = await loadPlan(store, lease.plan);
  const brief = briefAt(plan, u);
  const fan = k === undefined ? undefined : await readState(store, { run: run.first, unit: nameOf({ u }) });
  const key = k === undefined ? undefined : fan?.expansion?.keys[k];
  const log = await openLog(store, { run: run.first, unit: step?.at ?? nameOf(lease) }, holder);
  const { paid, held } = payerOfUnit({ store, clock }, { ...lease, ...(step && { step }) }, plan, log);
  const isolatedAsk = paid(isolated as Executor<AskWork>);
  return {
    lease,
    effects: {
      ...effects,
      executors: { ...executors, ask: answeredOr(paid(executors.ask), lease, effects, brief, log) },
      isolated: (task) => (task.work.kind === 'ask' ? isolatedAsk(task as Task<AskWork>) : isolated(task)),
    },
    plan,
    brief,
    log,
    ...(fan && { fan }),
    held,
    ...(key !== undefined && { key }),
    label: key === undefined ? brief.id : `${brief.id}[${key}]`,
    endsAt: lease.endsAt ?? lease.scheduledAt + (brief.withinMs ?? Number.POSITIVE_INFINITY),
  };
}

/** Records what the try is given and fences off lower holders. Returns the state in which that was done; as `before`, the try begins. */
export async function enter(
  { lease: { holder }, brief, log }: Unit,
  { row }: Pick<Prepared, 'row'>,
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

export function keyOf(
  { lease, effects: { digest }, brief, key, log }: Unit,
  { plain }: NonNullable<Prepared['work']>,
): string {
  const input = inputDigest(plain, digest);
  const { generation } = log.state;
  const parts = { run: lease.run.first, brief: brief.id, input, generation };
  return effectKey({ ...parts, ...(key !== undefined && { key }) }, digest);
}

export function beat(
  { lease, effects, log }: Unit,
  doing: Beat['doing'],
  since?: number,
  progress?: Progress,
  number = log.state.tries + 1,
): void {
  effects.beat({
    ...shown(progress),
    try: number,
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
