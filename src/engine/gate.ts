import type { JsonObject } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Answer } from '../core/outcome/gate.js';
import type { AskedRow, Content } from '../core/outcome/rows.js';
import { shownBy } from '../core/plan/gate.js';
import { encodeValue } from './artifacts.js';
import { failed, leave, notNeeded, say, succeeded, whoNeeds } from './endings.js';
import { inTime } from './handOff.js';
import type { Ended } from './lease.js';
import { bind, inputFailure } from './prepare.js';
import { keep, standing, takeBack } from './record.js';
import { answeredBefore, offer } from './reuse.js';
import { reasonOf, spentStatus } from './tries.js';
import type { Under, Unit } from './unit.js';

/*
 * A gate: a person is asked. One holder shows, another records the answer; in between it is in nobody's hands.
 *  1. What is shown is in the log before anybody is asked. Whoever comes later shows the same, until it is asked again.
 *  2. An answer counts where it names the digest of that.
 *  3. Approval is consent to what comes next, which may have changed though what is shown has not. So another run asks
 *     again, unless the gate's `cache` says for how long it need not.
 */

/** @param text of the question, a template */
export async function askPerson(unit: Unit, text: string): Promise<Ended> {
  const { lease, effects, log } = unit;
  await takeBack(log, lease, effects.store);
  for (;;) {
    const now = effects.clock.now();
    const recorded = standing(log, now);
    if (recorded) return recorded;
    const { asked } = log.state;
    if (asked && lease.answer?.digest === asked.ref.digest) return takeUp(unit, asked, lease.answer);
    if (asked) return { kind: 'asked', question: questionOf(asked) };
    if (lease.signal.aborted) return leave(unit, { number: 0, started: now });
    const ended = await ask(unit, text, now);
    if (ended) return ended;
  }
}

const questionOf = ({ ref, since, until }: AskedRow) => ({
  digest: ref.digest,
  since,
  ...(until !== undefined && { until }),
});

/** Records what is shown; where nobody is to be asked, how it ended. */
async function ask(unit: Unit, text: string, now: number): Promise<Ended | undefined> {
  const { effects, plan, brief, log, fan } = unit;
  const { store, digest } = effects;
  const under = { number: log.state.tries + 1, started: now };
  const worked = await inTime(unit, log.state, show).catch(inputFailure);
  if (worked instanceof Failure) return failed(unit, under, worked);
  const { bound, shown } = worked;
  if (!shown) return notNeeded(unit, now, bound);
  const before = await answeredBefore(unit, contentOf(digest(shown.bytes)));
  if (before) {
    const { output, reused } = before;
    const made = { content: contentOf(digest(shown.bytes)), reused, ...(bound.row && { inputs: bound.row }) };
    return succeeded(unit, { number: 0, started: now }, { output }, made);
  }
  const place = await keep(store, digest, shown);
  const until = brief.withinMs === undefined ? {} : { until: now + brief.withinMs };
  await log.append((put, state) => {
    if (state.asked || state.final) return [];
    const inputs = bound.row && !state.inputs ? [bound.row] : [];
    return [...inputs, { row: 'asked', ref: place(put), since: now, ...until }];
  });
  return undefined;

  async function show() {
    const bound = await bind(whoNeeds(unit), log.state, fan);
    if (!bound.needed) return { bound };
    const shown = shownBy(plan, brief, text, bound.bindings);
    return { bound, shown: encodeValue(shown as unknown as JsonObject) };
  }
}

const contentOf = (shown: string): Content => ({ shown });

/** Records an answer. What was said is kept whatever it was; only an approval is an output to others. */
async function takeUp(unit: Unit, { ref, since }: AskedRow, answer: Answer): Promise<Ended> {
  const { brief, label, log, effects } = unit;
  const under: Under = { number: log.state.tries + 1, started: since };
  const { verdict, by = null, note = null } = answer;
  if (verdict === 'expired') {
    const late = new Failure(
      'TimedOut',
      `Nobody answered ${label} within the ${(brief.withinMs ?? 0) / 1000} s of its \`within\`. Give people more time.`,
    );
    const next = { status: spentStatus(brief, late) };
    return say(unit, under, { verdict: 'timed-out', next, reason: reasonOf(late) });
  }
  const at = new Date(effects.clock.now()).toISOString();
  const output = encodeValue({ approved: verdict === 'approved', by, note, at, digest: ref.digest });
  if (verdict === 'approved') {
    const content = contentOf(ref.digest);
    const ended = await succeeded(unit, under, { output }, { content });
    await offer(unit, content);
    return ended;
  }
  const reason = reasonOf(
    new Failure('Rejected', `Rejected${by ? ` by ${by}` : ''}: ${note ?? 'no reason given'}`),
  );
  return say(unit, under, { verdict: 'rejected', next: { status: 'failed' }, reason }, { output });
}
