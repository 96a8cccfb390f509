import { Failure } from '../core/outcome/failure.js';
import type { UnitState } from '../core/outcome/fold.js';
import type { OutcomeRow } from '../core/outcome/rows.js';
import type { Brief, Plan } from '../core/plan/plan.js';
import type { Depot } from '../ports/trees.js';
import type { Effects, Ended, Lease } from './lease.js';
import type { Log } from './log.js';
import type { Tried } from './makeTry.js';
import type { Needing } from './outputs.js';
import type { Prepared } from './prepare.js';
import { type Outcome, record, standing, whyAgain } from './record.js';
import { afterTry, reasonOf, spentStatus, verdictOf } from './tries.js';

/** One brief or instance in the hands of one holder. */
export interface Unit {
  readonly lease: Lease;
  readonly effects: Effects;
  readonly plan: Plan;
  readonly brief: Brief;
  readonly log: Log;
  /** Of an instance: the log of its fan, which holds its item. */
  readonly fan?: UnitState;
  readonly key?: string;
  /** `dig` or `dig[pricing]`. */
  readonly label: string;
  /** When the brief's time is over, ms since the epoch. */
  readonly endsAt: number;
  /** Of a brief with a workspace of its own: where it is made. */
  readonly depot?: Depot;
}

/** A try under way, or none: number 0. */
export interface Under {
  readonly number: number;
  /** ms since the epoch. */
  readonly started: number;
  /** Of a re-run: why it is made at all. */
  readonly anew?: OutcomeRow['anew'];
}

/** The one whose needs are read. */
export const whoNeeds = ({ lease: { u, k, run }, effects, plan }: Unit): Needing => ({
  ...{ store: effects.store, run: run.first, plan, u },
  ...(k !== undefined && { k }),
});

export function succeeded(
  unit: Unit,
  under: Under,
  tried: Tried,
  made: Pick<Outcome, 'content' | 'wrote' | 'files' | 'reused' | 'inputs'>,
): Promise<Ended> {
  if (!tried.truncated)
    return say(unit, under, { verdict: 'succeeded', next: { status: 'succeeded' }, ...made }, tried);
  const cut = new Failure(
    'OutputInvalid',
    `The output of ${unit.label} is longer than its cap and ends at the marker. Have it give less, or write a file.`,
  );
  return say(
    unit,
    under,
    { verdict: 'succeeded', next: { status: 'partial' }, reason: reasonOf(cut) },
    tried,
  );
}

export function failed(unit: Unit, under: Under, failure: Failure, tried: Tried = {}): Promise<Ended> {
  const now = unit.effects.clock.now();
  const next = afterTry(unit.brief, under.number - unit.log.state.spent, failure, {
    now,
    endsAt: unit.endsAt,
  });
  return say(unit, under, { verdict: verdictOf(failure), next, reason: reasonOf(failure) }, tried);
}

/** The condition is false: no try is made, and nothing is missing. */
export const notNeeded = (unit: Unit, started: number, { row }: Pick<Prepared, 'row'>): Promise<Ended> =>
  say(
    unit,
    { number: 0, started },
    { verdict: 'succeeded', next: { status: 'not-needed' }, ...(row && { inputs: row }) },
  );

/** The brief's `within` passed while nobody worked on it. */
export function outOfTime(unit: Unit, started: number): Promise<Ended> {
  const { brief, label, log } = unit;
  const last = log.state.last?.reason;
  const failure = new Failure(
    'TimedOut',
    `${label} did not end within the ${(brief.withinMs ?? 0) / 1000} s of its \`within\`. Give it more time, or the run more workers.${last ? ` Its last try: ${last.message}` : ''}`,
  );
  const next = { status: spentStatus(brief, failure) };
  return say(unit, { number: 0, started }, { verdict: 'timed-out', next, reason: reasonOf(failure) });
}

/**
 * The lease is over. Cancelled, with what there was of an output; handed back; or gone to somebody else.
 * @throws Failure `Superseded` in the last case
 */
export async function leave(unit: Unit, under: Under, tried: Tried = {}): Promise<Ended> {
  const { lease, log, label } = unit;
  switch (lease.abortedBecause()) {
    case 'cancelled': {
      const reason = reasonOf(
        new Failure('Cancelled', `${label} was cancelled${under.number > 0 ? ' while it ran' : ''}.`),
      );
      return say(unit, under, { verdict: 'cancelled', next: { status: 'cancelled' }, reason }, tried);
    }
    case 'shutdown':
      await log.append(() => [{ row: 'released' }]);
      return { kind: 'released' };
    case 'lost':
      throw new Failure(
        'Superseded',
        `${label} was given to another worker while this one was not heard of. Nothing is to be done.`,
      );
  }
}

/** Records the outcome; what is returned is what the log says then. */
export async function say(
  { effects: { store, digest, clock }, brief, key, log }: Unit,
  { number, started, anew }: Under,
  outcome: Omit<Outcome, 'brief' | 'key' | 'number' | 'output' | 'usage' | 'started' | 'ended' | 'anew'>,
  { output, usage }: Tried = {},
): Promise<Ended> {
  await record(store, digest, log, {
    brief: brief.id,
    ...(key !== undefined && { key }),
    number,
    ...outcome,
    ...(output && { output }),
    ...(usage && { usage }),
    ...(anew && { anew }),
    started,
    ended: clock.now(),
  });
  return standing(log, clock.now()) ?? { kind: 'again', delayMs: 1, reason: whyAgain(log) };
}
