import { Failure } from '../core/outcome/failure.js';
import type { UnitState } from '../core/outcome/fold.js';
import type { Row } from '../core/outcome/rows.js';
import type { Brief } from '../core/plan/plan.js';
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

export const isInDoubt = ({ begun, tries, final }: UnitState): boolean =>
  begun > tries || final?.askFirst === true;

/**
 * How the try ends a brief whose effect took place, or may have; undefined where it definitely failed.
 * @param tookPlace its output failed, not the effect
 */
export function asksFirst(unit: Unit, failure: Failure, tookPlace: boolean): Failure | undefined {
  const verdict = verdictOf(failure);
  if (!isOnce(unit.brief) || (verdict === 'failed' && !tookPlace)) return undefined;
  const done = tookPlace || verdict === 'rejected';
  return toBeAsked(unit, failure, done ? 'It took place.' : 'Whether it took place is not known.');
}

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
  const place = await findPlace(store, base, { brief: brief.id, ...(key !== undefined && { key }) });
  if (!place || !isInDoubt(await readState(store, place)) || (await isBad(store, place))) return undefined;
  const was = new Failure('WorkerCrashed', `${unit.label} began in the run that this one repeats.`);
  return toBeAsked(unit, was, 'It took place there, or may have.');
}

function toBeAsked({ lease, label }: Unit, { type, message }: Failure, took: string): Failure {
  const { id } = lease.run;
  return new Failure(
    type,
    `${message.slice(0, 200)} ${took} It must not run twice, so look first. To do it again: \`muster retry ${id} ${label}\`, or once the run has ended \`muster mark ${id} ${label} bad\` and \`muster rerun ${id}\`.`,
  );
}
