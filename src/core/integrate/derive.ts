import { nameOf } from '../graph/node.js';
import { mostOf } from '../graph/units.js';
import { type Reason, STATUSES, type Status } from '../outcome/outcome.js';
import { ByHand } from '../schedule/byHand.js';
import type { ClosingNote } from '../schedule/closing.js';
import { LETTERS, type Letter } from '../schedule/state.js';
import type { Expected, LedgerInput } from './expected.js';

export interface Derived {
  readonly status: Status;
  readonly reason?: Reason;
}

/** How a brief ended: as its log says, else as the closing note lets one conclude. */
export function derive(one: Expected, input: LedgerInput): Derived {
  const { states, note, expansions } = input;
  const final = states.get(nameOf(one))?.final;
  if (final?.status) {
    // A unit only knows that it was cancelled, and not for whom.
    const reason = (final.status === 'cancelled' && stoppedBy(one, input)) || final.reason;
    return { status: final.status, ...(reason && { reason }) };
  }
  if (input.plan.briefs[one.u]!.removed) return { status: 'not-needed', reason: TAKEN_OUT };
  if (one.k === undefined && expansions.has(one.u)) return { status: 'not-needed' };
  const beyond = beyondMax(one, input);
  if (beyond) return { status: 'refused', reason: beyond };
  const asked = states.get(nameOf(one))?.asked !== undefined;
  if (!note) return { status: 'not-reached', ...(asked && { reason: LOST }) };
  const letter = one.k === undefined ? note.units[one.u] : note.fans[one.u]?.[one.k];
  if (letter === 'k' && isByHand(one, note)) return { status: 'skipped', reason: BY_HAND };
  if (asked && letter === '.')
    return { status: 'cancelled', reason: unanswered(note.reason, 'its answer was taken up') };
  const stopped = letter === 'c' ? stoppedBy(one, input) : undefined;
  if (stopped) return { status: 'cancelled', reason: stopped };
  return concluded(
    LETTERS[(letter ?? '.') as Letter],
    note.reason,
    () => noVerdict(one, input),
    () => tooMany(one, input),
  );
}

const TAKEN_OUT: Reason = {
  type: 'Cancelled',
  message: 'A patch took it out of the plan before it had begun.',
};
const BY_HAND: Reason = { type: 'Cancelled', message: 'Somebody skipped it while the run went on.' };

/** Of one that was not stopped with the whole run: by a person, or by the brief that needed no more of it. */
function stoppedBy(one: Expected, { plan, graph, note }: LedgerInput): Reason | undefined {
  const { u } = one;
  if (isByHand(one, note)) return BY_HAND;
  const set = graph.sets.findIndex(({ clauses = [] }) =>
    clauses.some(({ of, rest }) => rest && of.includes(u)),
  );
  const by = graph.units.findIndex(({ needs }) => needs === set);
  if (set < 0 || by < 0 || note?.reason !== 'completed') return undefined;
  return {
    type: 'Cancelled',
    message: `\`${plan.briefs[by]!.id}\` had what it waits for, and cancels the rest.`,
  };
}

/**
 * @param word how the workflow left it, though no outcome of it is on record
 * @param unsaid what to say of it where it was started and nobody stopped it
 */
function concluded(
  word: (typeof LETTERS)[Letter],
  ending: ClosingNote['reason'],
  unsaid: () => Derived,
  refused: () => Derived,
): Derived {
  switch (word) {
    case 'skipped':
    case 'not-needed':
      return { status: word };
    case 'waiting':
      return { status: 'not-reached', ...notReached(ending) };
    case 'running':
    case 'open':
      return ending === 'completed' ? unsaid() : { status: 'cancelled', reason: recalled(ending) };
    case 'asked':
      return { status: 'cancelled', reason: unanswered(ending, 'an answer came') };
    case 'cancelled':
      return { status: 'cancelled', reason: recalled(ending) };
    case 'failed':
      return unsaid();
    case 'done':
      return UNRECORDED;
    case 'refused':
      return refused();
    default:
      return isDelivered(word) ? UNRECORDED : { status: word };
  }
}

export const isByHand = (one: Expected, note: LedgerInput['note']): boolean =>
  note !== undefined && new ByHand(note).has(one);

const isDelivered = (status: Status): boolean => STATUSES.indexOf(status) < STATUSES.indexOf('failed');

/** It was started and ended without an outcome. Why its last try brought none says most; time is blamed only where it was limited. */
function noVerdict(one: Expected, { graph, states }: LedgerInput): Derived {
  const last = states.get(nameOf(one))?.last?.reason;
  if (last) return { status: 'failed', reason: last };
  const limited = (graph.units[one.u]?.withinMs ?? graph.deadlineMs) !== undefined;
  return { status: 'failed', reason: limited ? OUT_OF_TIME : NO_VERDICT };
}

const OUT_OF_TIME: Reason = { type: 'TimedOut', message: 'It ended without a verdict within its time.' };

const NO_VERDICT: Reason = {
  type: 'StoreUnavailable',
  message:
    "It ended, and no verdict of it is in the store. Temporal's history of the run says what its last attempt failed with.",
};

/** Refused by the dispatcher, which alone sees all fan-outs of a run together. */
function tooMany({ k }: Expected, { graph }: LedgerInput): Derived {
  const what = k === undefined ? 'Its items' : 'It';
  const mend = k === undefined ? 'Lower its `max`, or split the plan' : 'Narrow the list, or split the plan';
  const message = `${what} would bring the run over ${mostOf(graph).toLocaleString('en')} briefs, fan-outs included. ${mend}.`;
  return { status: 'refused', reason: { type: 'InvalidInput', message } };
}

/** Of an item that `overflow: first` does not let begin, whatever became of the run. */
function beyondMax({ u, k = 0 }: Expected, { plan, expansions }: LedgerInput): Reason | undefined {
  const { max = 0, overflow } = plan.briefs[u]!.forEach ?? {};
  if (!overflow || k < max) return undefined;
  const shown = (count: number) => count.toLocaleString('en');
  const message = `It is item ${shown(k + 1)} of ${shown(expansions.get(u)?.length ?? 0)}, and only the first ${shown(max)} may begin. Raise \`max\`, or narrow the list.`;
  return { type: 'InvalidInput', message };
}

/** The workflow heard of an outcome that the store does not hold. */
const UNRECORDED: Derived = {
  status: 'failed',
  reason: {
    type: 'StoreUnavailable',
    message:
      'It was reported as done, but no record of it is in the store. `muster doctor` shows which store this is.',
  },
};

const STOPPED = {
  failed: 'the run stopped at a failure',
  cancelled: 'the run was cancelled',
  deadline: "the run's deadline passed",
} as const;

function notReached(ending: ClosingNote['reason']): { readonly reason?: Reason } {
  if (ending === 'completed') return {};
  const type = ending === 'deadline' ? 'TimedOut' : 'Cancelled';
  return { reason: { type, message: `It was not started: ${STOPPED[ending]} before.` } };
}

/** Of a gate that asked. @param before what did not happen any more */
function unanswered(ending: ClosingNote['reason'], before: string): Reason {
  const why = ending === 'completed' ? 'the run ended' : STOPPED[ending];
  return {
    type: ending === 'deadline' ? 'TimedOut' : 'Cancelled',
    message: `It was waiting for an answer: ${why} before ${before}.`,
  };
}

const LOST: Reason = {
  type: 'Cancelled',
  message: 'It was waiting for an answer: the run came to no end before there was one.',
};

function recalled(ending: ClosingNote['reason']): Reason {
  const why = ending === 'completed' ? 'it was recalled' : STOPPED[ending];
  return {
    type: ending === 'deadline' ? 'TimedOut' : 'Cancelled',
    message: `It was stopped without an outcome: ${why}.`,
  };
}
