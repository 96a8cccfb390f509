import { cut } from '../core/integrate/words.js';
import { Failure } from '../core/outcome/failure.js';
import { REASON_LENGTH, type Reason } from '../core/outcome/outcome.js';
import type { FallbackKind } from '../core/outcome/rows.js';
import type { Ended, Lease } from './lease.js';
import type { Tried } from './makeTry.js';
import { asksFirst } from './once.js';
import type { Needing } from './outputs.js';
import type { Prepared } from './prepare.js';
import { type Outcome, record, standing, whyAgain } from './record.js';
import { afterTry, endedSoFar, reasonOf, spentStatus, verdictOf } from './tries.js';
import type { Under, Unit } from './unit.js';

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
  const { fellBack } = unit.log.state;
  // No fallback is a plan, or asks a person.
  const by = fellBack && { fallback: unit.brief.executor.kind as FallbackKind };
  if (!tried.truncated) {
    const reason = fellBack?.reason;
    const ended = {
      next: { status: fellBack ? 'repaired' : 'succeeded' },
      ...by,
      ...(reason && { reason }),
    } as const;
    return say(unit, under, { verdict: 'succeeded', ...ended, ...made }, tried);
  }
  const cut = new Failure(
    'OutputInvalid',
    `The output of ${unit.label} is longer than its cap and ends at the marker. Have it give less, or write a file.`,
  );
  return say(
    unit,
    under,
    { verdict: 'succeeded', next: { status: 'partial' }, ...by, reason: reasonOf(cut) },
    tried,
  );
}

export function failed(unit: Unit, under: Under, failure: Failure, tried: Tried = {}): Promise<Ended> {
  const asked = asksFirst(unit, failure, tried.tookPlace ?? false);
  if (asked) return inDoubt(unit, under, asked, tried);
  const now = unit.effects.clock.now();
  const next = afterTry(unit.brief, endedSoFar(unit.log.state), failure, { now, endsAt: unit.endsAt });
  const reason = 'status' in next ? lastReason(unit, failure) : reasonOf(failure);
  return say(unit, under, { verdict: verdictOf(failure), next, reason }, tried);
}

/** What it delivered is good, and not all there should be. */
export const partly = (unit: Unit, under: Under, why: Failure, tried: Tried): Promise<Ended> =>
  say(unit, under, { verdict: 'succeeded', next: { status: 'partial' }, reason: reasonOf(why) }, tried);

/** More than the bounds of a run allow: nothing of it was begun. */
export const refused = (unit: Unit, under: Under, why: Failure): Promise<Ended> =>
  say(unit, under, { verdict: 'failed', next: { status: 'refused' }, reason: reasonOf(why) });

/** What it did was stopped, and has ended. */
export const stopped = (unit: Unit, under: Under, why: Failure, tried: Tried): Promise<Ended> =>
  say(unit, under, { verdict: 'cancelled', next: { status: 'cancelled' }, reason: reasonOf(why) }, tried);

/** What must not run twice took place, or may have: a person says what follows. */
export function inDoubt(unit: Unit, under: Under, why: Failure, tried: Tried = {}): Promise<Ended> {
  const ended = { next: { status: 'failed' }, askFirst: true } as const;
  return say(unit, under, { verdict: verdictOf(why), ...ended, reason: reasonOf(why) }, tried);
}

/** Of a fallback that brought nothing either: both reasons, each cut to its half where they are long. */
function lastReason({ log }: Unit, failure: Failure): Reason {
  const own = log.state.fellBack?.reason;
  if (!own) return reasonOf(failure);
  const half = (text: string) => cut(text, REASON_LENGTH / 2 - 30);
  return reasonOf(
    new Failure(
      failure.type,
      `Its fallback failed too: ${half(failure.message)} Before that: ${half(own.message)}`,
    ),
  );
}

/** The condition is false: no try is made, and nothing is missing. */
export const notNeeded = (unit: Unit, started: number, { row }: Pick<Prepared, 'row'>): Promise<Ended> =>
  say(
    unit,
    { number: 0, started },
    { verdict: 'succeeded', next: { status: 'not-needed' }, ...(row && { inputs: row }) },
  );

/** It is at the try it was at, and in nobody's hands, until there may be more to spend. */
export async function hold({ log }: Unit, failure: Failure): Promise<Ended> {
  await log.append(() => [{ row: 'released' }]);
  return { kind: 'again', delayMs: failure.detail.retryAfterMs ?? 1, reason: reasonOf(failure), held: true };
}

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
      const ran = under.number > 0;
      const why = new Failure('Cancelled', `${label} was cancelled${ran ? ' while it ran' : ''}.`);
      const asked = ran ? asksFirst(unit, why, false) : undefined;
      const ended = { next: { status: 'cancelled' }, ...(asked && { askFirst: true as const }) } as const;
      return say(unit, under, { verdict: 'cancelled', ...ended, reason: reasonOf(asked ?? why) }, tried);
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

/** It waited for somebody else's leave, and nothing was done: whoever has it next waits on. */
export async function handBack({ log, label }: Unit): Promise<Ended> {
  await log.append(() => [{ row: 'released' }]);
  const message = `${label} still waits for its provider.`;
  return { kind: 'again', delayMs: 1, reason: { type: 'ModelRateLimited', message }, held: true };
}

function withinOf({ within }: Lease): Pick<Outcome, 'within'> {
  if (within?.first === undefined) return {};
  const { id, first, plan } = within;
  return { within: { id, first, plan } };
}

/** Records the outcome; what is returned is what the log says then. */
export async function say(
  { lease, effects: { store, digest, clock }, brief, key, log }: Unit,
  { number, started, anew }: Under,
  outcome: Omit<Outcome, 'brief' | 'key' | 'number' | 'output' | 'usage' | 'started' | 'ended' | 'anew'>,
  { output, usage, voted, several }: Tried = {},
): Promise<Ended> {
  await record(store, digest, log, {
    brief: brief.id,
    ...(key !== undefined && { key }),
    number,
    ...outcome,
    ...(output && { output }),
    ...(usage && { usage }),
    ...(voted && { voted }),
    ...(several && { several }),
    ...(anew && { anew }),
    ...(brief.executor.kind === 'plan' && withinOf(lease)),
    started,
    ended: clock.now(),
  });
  return standing(log, clock.now()) ?? { kind: 'again', delayMs: 1, reason: whyAgain(log) };
}
