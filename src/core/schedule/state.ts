import type { Node } from '../graph/node.js';
import type { UnitGraph } from '../graph/units.js';
import type { Answer, Question } from '../outcome/gate.js';
import type { Status } from '../outcome/outcome.js';
import type { Verdict } from './rules.js';

/**
 * One letter per unit and per instance, so that 1,000 of them fit a message.
 * `.` waiting, `*` expanded fan whose instances run, `r` running (a fan: expanding), `w` waiting for a person's answer, and
 * how it ended.
 */
export const LETTERS = {
  '.': 'waiting',
  r: 'running',
  '*': 'open',
  w: 'asked',
  s: 'succeeded',
  S: 'repaired',
  p: 'partial',
  f: 'failed',
  m: 'missing',
  k: 'skipped',
  n: 'not-needed',
  c: 'cancelled',
  b: 'over-budget',
  x: 'refused',
  d: 'done',
} as const satisfies Record<string, Status | 'waiting' | 'running' | 'open' | 'asked' | 'done'>;
export type Letter = keyof typeof LETTERS;

/** How a unit ended; a fan is `done` once all its instances have ended, whatever each came to. */
export type End = Status | 'done';
/** Undefined of what has not ended. */
export function endOf(letter: Letter): End | undefined {
  const word = LETTERS[letter];
  return word === 'waiting' || word === 'running' || word === 'open' || word === 'asked' ? undefined : word;
}

export const isEnd = (letter: Letter): boolean => endOf(letter) !== undefined;

const BY_STATUS = new Map(
  Object.entries(LETTERS).map(([letter, word]) => [word as string, letter as Letter]),
);
export const letterOf = (status: Status): Letter => BY_STATUS.get(status)!;

/** All that the dispatcher remembers; plain JSON, at most 256 KB together with the graph. */
export interface State {
  readonly v: 1;
  /** A {@link Letter} per unit. `d` is a fan all of whose instances have ended. */
  readonly units: string;
  /** Letters of the instances of fan `u`, once expanded. */
  readonly fans: { readonly [u: string]: string };
  /** Of fans some of whose instances were refused: how many were not; absent: all. */
  readonly taken?: { readonly [u: string]: number };
  /** What is running, in order of start: `u` or `u.k`. */
  readonly running: readonly string[];
  /** How often a node that came back unstarted (`ended` as `not-reached`) had been dispatched; absent: never. */
  readonly dispatches: { readonly [node: string]: number };
  /** Nothing new starts until somebody says so. */
  readonly paused?: true;
  /** In place of the graph's. */
  readonly concurrency?: number;
  /** Of a run within a run: how many at once it may have by what it is lent. */
  readonly lent?: number;
  /** What runs within this one were lent beyond the slot that each holds, by node: `u` or `u.k`. */
  readonly loans?: { readonly [node: string]: Loan };
  /** What somebody skipped: `u` or `u.k`. */
  readonly byHand?: readonly string[];
  /** Instances `u.k` that somebody asked for after their fan was skipped as a whole; absent: none. */
  readonly wanted?: readonly string[];
  /** How often somebody asked for a node that had ended to be done again; absent: never. */
  readonly again?: { readonly [node: string]: number };
  /** Fans that are cut into shards, and what those of them that run were lent, by their first instance. */
  readonly shards?: { readonly [u: string]: { readonly [from: string]: Loan } };
  /** How often what waits has been passed by, where it has. */
  readonly bypassed?: { readonly [node: string]: number };
  /** What people are asked, and the answers that are yet to be taken up; absent: nothing. */
  readonly asked?: { readonly [node: string]: Asked };
  /** So long after the run began, ms, time was up for somebody, and these shards have still to say how they stand. */
  readonly inquired?: { readonly ms: number; readonly shards: readonly string[] };
  /** Verdicts that time brought about, by need set and clause: `s.c`; absent: none. */
  readonly said?: { readonly [clause: string]: Verdict };
  /** Set once: nothing new starts. Only `draining` gives way to another reason. */
  readonly stopping?: StopReason;
  /** `finish` or `continue` was said: no event changes anything any more. */
  readonly closed?: true;
}

/** A question, with the answer once it has come. */
export interface Asked extends Question {
  readonly answer?: Answer;
}

/** Before the first event: everything waits. */
export const initialState = (graph: UnitGraph): State => ({
  v: 1,
  units: graph.units.map(({ removed }) => (removed ? 'n' : '.')).join(''),
  fans: {},
  running: [],
  dispatches: {},
});

/** Slots; those of a shard each with all that an instance uses. */
export interface Loan {
  readonly lent: number;
  /** How many of them it was told to give back, and has not; absent: none. */
  readonly owed?: number;
  /** Of a run within the run: how many it has a use for. */
  readonly wants?: number;
  /** Of a shard: instances that wait again since it began, and that it has not heard of; absent: none. */
  readonly unheard?: readonly number[];
  /** Of a shard: it was recalled, and takes up nothing more. */
  readonly recalled?: true;
}

export type StopReason = 'failed' | 'cancelled' | 'deadline' | 'draining';

export type Event =
  | { readonly kind: 'begin' }
  /**
   * A fan was expanded into `count` instances. With `first` only so many of them may begin, fewer where the run has no room
   * for more, and the others are refused; without it all of them are where it has none.
   */
  | { readonly kind: 'expanded'; readonly u: number; readonly count: number; readonly first?: number }
  /**
   * A unit or instance ended; without `k` on a fan, its expansion ended as `not-needed`, `refused`, `failed`, …
   * `not-reached`: it was handed back unstarted and waits again.
   */
  | { readonly kind: 'ended'; readonly u: number; readonly k?: number; readonly status: Status }
  /** A gate that ran asks a person now, and neither runs nor has ended until an answer comes. */
  | { readonly kind: 'asked'; readonly u: number; readonly k?: number; readonly question: Question }
  /** It counts where exactly that is what is asked there, and nobody has answered yet. */
  | { readonly kind: 'answer'; readonly u: number; readonly k?: number; readonly answer: Answer }
  /**
   * A shard tells how its instances stand, a letter each (see {@link Shard}): those that were none of its own as `_`. Once
   * it is over, nothing of it runs.
   */
  | ({ readonly kind: 'reported'; readonly u: number; readonly k: number } & Reported)
  /** A run within this one has a use for so many slots beyond the one it holds, and gives so many back. */
  | ({ readonly kind: 'wants'; readonly u: number; readonly k?: number } & Wants)
  /** This run is within another, which lends it so many slots from now on. */
  | { readonly kind: 'lent'; readonly slots: number }
  /** So much time has gone by since the run began: whoever waited for others until then goes by what there is. */
  | { readonly kind: 'due'; readonly ms: number }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** So many at once from now on; what runs goes on. */
  | { readonly kind: 'concurrency'; readonly limit: number }
  /** A unit or instance is not to be done, an open fan not any more; what runs of it is recalled. */
  | { readonly kind: 'skip'; readonly u: number; readonly k?: number }
  /** What ended without what was asked of it is to be done once more. */
  | { readonly kind: 'retry'; readonly u: number; readonly k?: number; readonly as?: Begun }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'deadline' }
  /** History grows long: start nothing new, then continue as new. */
  | { readonly kind: 'drain' };

/** Slots that a run within the run has a use for beyond the one it holds, and slots that it gives back. */
export interface Wants {
  readonly wants: number;
  readonly back: number;
}

export type Steering = Extract<Event, { readonly kind: 'skip' | 'retry' }>;

/** Of one that a shard is to take up, whatever it knows of it: how often it was dispatched, and asked for once more. */
export interface Begun {
  readonly dispatches: number;
  readonly again: number;
}

/** `again`: how often somebody asked for it once more. `answer`: to what it asked before. */
export interface Dispatched {
  readonly dispatch: number;
  readonly again?: number;
  readonly answer?: Answer;
}

/** Instances of a fan that a workflow of their own carries out, from instance `k` on. */
export interface Shard {
  /** One for each: `.` is to be done. */
  readonly letters: string;
  /** Of those that were begun before: how often they were dispatched, and asked for once more; by place in the shard. */
  readonly dispatches?: Counts;
  readonly again?: Counts;
}
export interface Counts {
  readonly [at: string]: number;
}
export interface Reported extends Shard {
  /** Slots it has no use for, or was told to give back. */
  readonly back: number;
  readonly over?: true;
  /** It was asked how it stands so long after the run began, ms, and this is the answer. */
  readonly asOf?: number;
  /** It was ended by hand: nobody knows what it had begun. */
  readonly lost?: true;
}

export type Command =
  | ({ readonly kind: 'expand'; readonly u: number } & Dispatched)
  | ({ readonly kind: 'start'; readonly u: number; readonly k?: number } & Dispatched)
  | ({ readonly kind: 'shard'; readonly u: number; readonly k: number; readonly slots: number } & Shard)
  /** More slots for a shard or a run within this one; fewer than none: it is to give so many back. */
  | { readonly kind: 'lend'; readonly u: number; readonly k?: number; readonly slots: number }
  /** Somebody said so of an instance that a shard has in hand. */
  | { readonly kind: 'pass'; readonly u: number; readonly k: number; readonly said: Steering }
  /** Time is up for somebody: a shard is to say at once how it stands. */
  | { readonly kind: 'inquire'; readonly u: number; readonly k: number; readonly ms: number }
  /** Cancel what is running, all of it unless one is named; each still ends with an event. */
  | { readonly kind: 'recall'; readonly node?: Node }
  /** Nothing runs and nothing more will: integrate. */
  | { readonly kind: 'finish' }
  /** Nothing runs: continue as new. */
  | { readonly kind: 'continue' };
