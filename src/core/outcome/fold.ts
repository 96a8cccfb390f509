import { compareHolders, GIVING, type Holder, REASON_LENGTH } from './outcome.js';
import type {
  AgainRow,
  AskedRow,
  ExpansionRow,
  InputsRow,
  LoopRow,
  OutcomeRow,
  Row,
  SampleRow,
} from './rows.js';
import type { Segment } from './segment.js';
import type { Usage } from './usage.js';

/*
 * What a unit's log says, and nothing but what it says (E4).
 *  1. The first row of a try is final; later rows of the same try are counted, never read (E3).
 *  2. The first outcome row that carries a status ends the brief; nothing after it changes that.
 *  3. The first `inputs`, the first `expansion` and the first `asked` row stand, for the same reason.
 *  4. The first `again` row of each time takes back how the brief ended, what it was given and what it asked; its tries stay
 *     counted.
 *  5. What was sent back and brought nothing better ends as it had: what it delivered before stands.
 *  6. A row that says so makes the fallback carry on; its tries are counted from there.
 *  7. Samples stand until a try has used them up: the brief has ended, or what they voted for was rejected. The first of each
 *     number counts.
 *  8. Of several loops of a try the first stands.
 */

export interface UnitState {
  /** Tries that ended with a verdict; a crash leaves none, so it costs none. */
  readonly tries: number;
  /** How often somebody asked for it once more. */
  readonly again: number;
  /** The last round in which the integrator sent it back. */
  readonly sentBack?: number;
  /** What it had delivered when it was sent back, until there is something better. */
  readonly stood?: OutcomeRow;
  /** The tries it had had when it last began anew: because somebody asked, or with its fallback. */
  readonly spent: number;
  /** The last of its own tries, where its fallback carries on. */
  readonly fellBack?: OutcomeRow;
  /** Tries that definitely failed or were rejected. After a timeout or a crash nobody knows: it stays. */
  readonly generation: number;
  /** The rows that count, one for each try, in order. */
  readonly counted: readonly OutcomeRow[];
  /** The latest try of what must not run twice that began; above `tries`, nobody knows what became of it. */
  readonly begun: number;
  /** What all samples consumed that are on record. */
  readonly sampled: readonly Usage[];
  /** Of the vote that is going on, by number. */
  readonly samples: ReadonlyMap<number, SampleRow>;
  /** Row of the latest try. */
  readonly last?: OutcomeRow;
  /** How the brief ended. */
  readonly final?: OutcomeRow;
  readonly inputs?: InputsRow;
  readonly expansion?: ExpansionRow;
  readonly asked?: AskedRow;
  /** Of the latest try that is one. */
  readonly loop?: LoopRow;
  /** Everyone who wrote here, in order, and whether they left an outcome, an expansion, a question or a farewell. */
  readonly holders: readonly Seen[];
  /** Why earlier tries were rejected, oldest first. */
  readonly findings: readonly string[];
  /** Outcome rows that came too late to count. */
  readonly late: number;
}
interface Seen {
  readonly holder: Holder;
  readonly ended: boolean;
}

export const EMPTY: UnitState = {
  tries: 0,
  again: 0,
  spent: 0,
  begun: 0,
  counted: [],
  generation: 0,
  holders: [],
  samples: new Map(),
  sampled: [],
  findings: [],
  late: 0,
};

export const fold = (segments: readonly Segment[]): UnitState => segments.reduce(foldSegment, EMPTY);

export function foldSegment(state: UnitState, segment: Segment): UnitState {
  const ends = segment.rows.some(({ row }) => ENDINGS.has(row));
  let next: UnitState = { ...state, holders: see(state.holders, segment.holder, ends) };
  for (const row of segment.rows) {
    if (row.row === 'outcome') next = foldOutcome(next, row);
    else if (row.row === 'expansion') next = { ...next, expansion: next.expansion ?? row };
    else if (row.row === 'asked') next = { ...next, asked: next.asked ?? row };
    else if (row.row === 'inputs') next = { ...next, inputs: next.inputs ?? row };
    else if (row.row === 'sample') next = foldSample(next, row);
    else if (row.row === 'loop') next = next.loop?.try === row.try ? next : { ...next, loop: row };
    else if (row.row === 'begun') next = { ...next, begun: Math.max(next.begun, row.try) };
    else if (row.row === 'again') next = foldAgain(next, row);
  }
  return next;
}

/** Rows with which a holder is through. */
const ENDINGS: ReadonlySet<Row['row']> = new Set<Row['row']>(['outcome', 'expansion', 'asked', 'released']);

/** A view that could not be used is asked for again; the others are not. */
function samplesAfter({ samples }: UnitState, { verdict, voted, several, then, status }: OutcomeRow) {
  if (then || status || (verdict === 'rejected' && voted)) return EMPTY.samples;
  if (verdict !== 'rejected' || several?.kind !== 'views') return samples;
  return new Map([...samples].filter(([, { ref }]) => ref));
}

function foldAgain(state: UnitState, { time, round, findings }: AgainRow): UnitState {
  if (time <= state.again) return state;
  const { last: _, final, inputs: __, fellBack: ___, asked: ____, ...kept } = state;
  return {
    ...kept,
    ...{ again: time, spent: state.tries, begun: 0, samples: EMPTY.samples },
    // What was delivered was not good enough: what follows is another effect, under another key.
    ...(round !== undefined && { sentBack: round, generation: state.generation + 1 }),
    ...(round !== undefined && final?.status && GIVING.has(final.status) && { stood: final }),
    ...(findings && { findings: [...state.findings, ...findings] }),
  };
}

function foldOutcome(state: UnitState, row: OutcomeRow): UnitState {
  // Tries are made one after the other, so a row that does not go on from the latest one repeats an earlier one.
  const repeats = row.try > 0 && row.try <= state.tries;
  if (state.final || repeats) return { ...state, late: state.late + 1 };
  const definite = row.verdict === 'failed' || row.verdict === 'rejected';
  return {
    ...state,
    tries: Math.max(state.tries, row.try),
    generation: state.generation + (definite ? 1 : 0),
    counted: [...state.counted, row],
    last: row,
    ...(row.status && { final: endOf(state, row) }),
    ...(row.then && { fellBack: row, spent: row.try }),
    samples: samplesAfter(state, row),
    findings: isFinding(row) ? [...state.findings, row.reason!.message] : state.findings,
  };
}

/** A vote that decides nothing leaves nothing to be mended: its samples are to be as they would have been. */
const isFinding = ({ verdict, reason, voted }: OutcomeRow): boolean =>
  verdict === 'rejected' && reason !== undefined && voted?.decided !== false;

function foldSample(state: UnitState, row: SampleRow): UnitState {
  if (state.samples.has(row.n)) return state;
  return {
    ...state,
    samples: new Map([...state.samples, [row.n, row]]),
    ...(row.usage && { sampled: [...state.sampled, row.usage] }),
  };
}

/** How a brief ended by its last row. */
function endOf({ stood }: UnitState, row: OutcomeRow): OutcomeRow {
  const { status, reason } = row;
  if (!stood || !status || GIVING.has(status) || status === 'not-needed') return row;
  const why = reason ?? { type: 'OutputInvalid', message: `It ended as ${status}.` };
  const message = `What it had delivered stands: carried out once more, it brought nothing. ${why.message}`;
  return { ...stood, try: row.try, reason: { ...why, message: message.slice(0, REASON_LENGTH) } };
}

function see(seen: readonly Seen[], holder: Holder, ended: boolean): readonly Seen[] {
  const at = seen.findIndex((one) => compareHolders(one.holder, holder) === 0);
  return at < 0
    ? [...seen, { holder, ended }]
    : seen.with(at, { holder, ended: ended || (seen[at]?.ended ?? false) });
}

/**
 * Holders before `holder` that may have crashed: they wrote and left neither outcome nor farewell. The very
 * first holder writes no fence, so silence makes it one as well.
 */
export function suspects(state: UnitState, holder: Holder): number {
  const first = { dispatch: 1, attempt: 1 };
  const silent =
    compareHolders(holder, first) > 0 &&
    !state.holders.some((seen) => compareHolders(seen.holder, first) === 0);
  const left = state.holders.filter((seen) => !seen.ended && compareHolders(seen.holder, holder) < 0);
  return left.length + (silent ? 1 : 0);
}
