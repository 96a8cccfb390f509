import { isObject, type Json } from '../outcome/canonical.js';
import type { Vote } from '../plan/plan.js';
import { identityBy } from './sameness.js';
import { pathOf } from './select.js';

/*
 * A vote: several samples of one brief, of which code takes the answer that most gave.
 *  1. It is closed by the first samples, by number, that close it: what came besides does not count, so who wins does not
 *     depend on the order in which samples came.
 *  2. `early` never changes who wins: it stops where those that are left cannot.
 *  3. A sample that could not be used, or says nothing at the field, is an abstention: it is counted, and votes for nobody.
 */

/** A sample as the vote sees it; without a value it could not be used. */
export interface Ballot {
  /** Counted from 1. */
  readonly n: number;
  readonly value?: Json;
}

/** One answer, as the first that gave it wrote it, and who gave it. */
export interface Candidate {
  readonly value: Json;
  /** Numbers of samples, in their order. */
  readonly by: readonly number[];
}

export interface Standing {
  /** Most votes first; of as many, who came first. */
  readonly candidates: readonly Candidate[];
  /** Numbers of samples that vote for nobody. */
  readonly abstained: readonly number[];
  /** Nothing more is to be asked: `winner` is who won, absent where nobody did, for this reason. */
  readonly closed?: {
    readonly winner?: Candidate;
    readonly because: 'all asked' | 'uncatchable' | 'confident' | 'tie' | 'no quorum' | 'all abstained';
  };
}

/** How the first samples close the vote; undefined where more are to be asked, or to come. @param values by number */
export function closedBy(
  vote: Vote,
  values: ReadonlyMap<number, Json | undefined>,
): (Standing & { readonly closed: NonNullable<Standing['closed']>; readonly samples: number }) | undefined {
  const ballots: Ballot[] = [];
  for (let n = 1; values.has(n); n++) {
    const value = values.get(n);
    ballots.push({ n, ...(value !== undefined && { value }) });
    const { closed, ...stood } = standing(vote, ballots);
    if (closed) return { ...stood, closed, samples: n };
  }
  return undefined;
}

export function standing(vote: Vote, ballots: readonly Ballot[]): Standing {
  const identity = identityBy(vote.match);
  const pick = choiceAt(vote.field);
  const found = new Map<string, { value: Json; by: number[] }>();
  const abstained: number[] = [];
  for (const { n, value } of [...ballots].sort((a, b) => a.n - b.n)) {
    const choice = value === undefined ? null : pick(value);
    if (choice === null) abstained.push(n);
    else {
      const one = found.get(identity(choice));
      if (one) one.by.push(n);
      else found.set(identity(choice), { value: choice, by: [n] });
    }
  }
  const candidates = [...found.values()].sort((a, b) => b.by.length - a.by.length || a.by[0]! - b.by[0]!);
  const closed = closing(vote, candidates, vote.samples - ballots.length);
  return { candidates, abstained, ...(closed && { closed }) };
}

/** What a sample votes for; null is an abstention. */
function choiceAt(field: string | undefined): (value: Json) => Json {
  if (field === undefined) return (value) => value;
  if (!field.startsWith('$'))
    return (value) => (isObject(value) && Object.hasOwn(value, field) ? value[field]! : null);
  const path = pathOf(field);
  return (value) => path.all(value)[0] ?? null;
}

/** @param left samples that are still to be asked */
function closing(
  { quorum = 1, tie, stop }: Vote,
  [first, second]: readonly Candidate[],
  left: number,
): Standing['closed'] {
  const most = first?.by.length ?? 0;
  const next = second?.by.length ?? 0;
  if (stop !== 'never' && left > 0) {
    if (most + left < quorum) return { because: 'no quorum' };
    if (most < quorum) return undefined;
    if (most - next > left) return { winner: first!, because: 'uncatchable' };
    if (stop !== 'early' && leads(most, next) >= stop) return { winner: first!, because: 'confident' };
    return undefined;
  }
  if (left > 0) return undefined;
  if (!first) return { because: 'all abstained' };
  if (most < quorum) return { because: 'no quorum' };
  if (most === next && tie !== 'first') return { because: 'tie' };
  return { winner: first, because: 'all asked' };
}

/**
 * How likely it is that of those who would vote for either of two more would vote for the first: the posterior of a uniform
 * prior, P(p > 1/2) under Beta(a + 1, b + 1), which for whole votes is a sum of binomials.
 * @param a votes for the first @param b for the second
 */
export function leads(a: number, b: number): number {
  const n = a + b + 1;
  let term = 0.5 ** n;
  let sum = 0;
  for (let k = 0; k <= a; k++) {
    sum += term;
    term *= (n - k) / (k + 1);
  }
  return Math.min(1, sum);
}
