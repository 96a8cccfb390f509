import { cut } from '../core/integrate/words.js';
import { Failure } from '../core/outcome/failure.js';
import type { UnitState } from '../core/outcome/fold.js';
import { REASON_LENGTH, type Verdict } from '../core/outcome/outcome.js';
import type { Row } from '../core/outcome/rows.js';
import type { Brief } from '../core/plan/plan.js';
import { blobName } from './artifacts.js';
import { isBad } from './marks.js';
import { findPlace } from './places.js';
import { readState } from './segments.js';
import { verdictOf } from './tries.js';
import type { Unit } from './unit.js';

/*
 * What must not run twice (`effect: once`).
 *  1. Before its effect begins that is recorded, durably: whoever finds it begun and without an outcome does not begin it.
 *  2. Another try follows only where it definitely failed. Where its effect took place, or nobody knows, its end asks first.
 *  3. What asks first is begun again by a person only: by a retry, or, in a re-run, once its result is marked bad.
 */

export const isOnce = ({ effect, executor }: Brief): boolean =>
  effect === 'once' && executor.kind !== 'constant';

/** What is recorded before its effect begins. */
export const beginning = (brief: Brief, { tries }: UnitState): readonly Row[] =>
  isOnce(brief) ? [{ row: 'begun', try: tries + 1 }] : [];

const isInDoubt = ({ begun, tries, final }: UnitState): boolean => begun > tries || final?.askFirst === true;

/** Why a person is to say what follows a try; undefined where it definitely failed. */
export function asksFirst(unit: Unit, failure: Failure, tookPlace: boolean): Failure | undefined {
  if (!isOnce(unit.brief) || (failure.detail.unbegun && !tookPlace)) return undefined;
  if (!tookPlace && !IN_DOUBT.has(verdictOf(failure))) return undefined;
  return toBeAsked(unit, failure, tookPlace ? 'It took place.' : 'Whether it took place is not known.');
}

/** Ends of which nobody knows whether the effect took place. */
const IN_DOUBT: ReadonlySet<Verdict> = new Set<Verdict>(['timed-out', 'crashed', 'cancelled']);

/** Nobody who began it is there to say. */
export const lost = (unit: Unit): Failure =>
  toBeAsked(
    unit,
    new Failure('WorkerCrashed', `${unit.label} began, and its worker was lost.`),
    'Whether it took place is not known.',
  );

/** Where the run that this one repeats left it in doubt, and nobody has said since that it is to be done again. */
export async function leftInDoubt(unit: Unit): Promise<Failure | undefined> {
  const { lease, effects, brief, key, log } = unit;
  const { base } = lease.run;
  if (!base || !isOnce(brief) || log.state.again > 0) return undefined;
  const { store } = effects;
  // The base was removed all the same: nobody can say any more.
  if (!(await store.look(blobName(base.plan)))) return undefined;
  const place = await findPlace(store, base, { brief: brief.id, ...(key !== undefined && { key }) });
  if (!place || !isInDoubt(await readState(store, place)) || (await isBad(store, place))) return undefined;
  const was = new Failure('WorkerCrashed', `${unit.label} began in the run that this one repeats.`);
  return toBeAsked(unit, was, 'It took place there, or may have.');
}

function toBeAsked({ lease, label }: Unit, { type, message }: Failure, took: string): Failure {
  const { id } = lease.run;
  const next = `${took} It must not run twice, so look first. To do it again: \`muster retry ${id} ${label}\`; once the run has ended: \`muster mark ${id} ${label} bad\` and \`muster rerun ${id}\`.`;
  return new Failure(type, `${cut(message, Math.max(80, REASON_LENGTH - next.length - 1))} ${next}`);
}
