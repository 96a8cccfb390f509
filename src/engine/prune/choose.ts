import type { Indexed } from '../runIndex.js';
import type { Seen } from './see.js';

/** Which runs are to go. Of several criteria a run has to meet each: what one of them keeps, stays. */
export interface Criteria {
  /** Ended longer ago than this, ms. */
  readonly olderThanMs?: number;
  /** Not among the newest so many of its plan, by the plan's name. */
  readonly keep?: number;
  /** First execution run ids: these alone, whenever they ended. */
  readonly runs?: readonly string[];
}

/** Why a run stays. `repeated`: the run `by`, which has not ended, uses its results. */
export type Because =
  | { readonly kind: 'open' | 'pinned' | 'young' | 'newest' }
  | { readonly kind: 'repeated'; readonly by: string };

export interface Choice {
  readonly going: readonly Indexed[];
  readonly staying: readonly { readonly run: Indexed; readonly because: Because }[];
}

/** Nothing goes without a criterion, but what an earlier prune began to remove. */
export function choose(seen: Seen, criteria: Criteria, now: number): Choice {
  const repeated = new Map<string, string>();
  for (const { base, id } of seen.starts) if (base !== undefined) repeated.set(base, id);
  for (const { base, id, first } of seen.entries)
    if (base !== undefined && seen.open.has(first)) repeated.set(base, id);
  for (const { partOf, first } of seen.entries)
    if (partOf && seen.open.has(partOf.first)) repeated.set(first, partOf.id);

  const newest = newestOf(seen, criteria.keep);
  const staysFor = (run: Indexed): Because | undefined => {
    const by = repeated.get(run.first);
    if (run.removed) return undefined;
    if (run.pinned) return { kind: 'pinned' };
    if (by !== undefined) return { kind: 'repeated', by };
    if (seen.open.has(run.first)) return { kind: 'open' };
    if (run.removing) return undefined;
    if (criteria.runs) return undefined;
    if (criteria.olderThanMs !== undefined && now - endOf(run, seen) <= criteria.olderThanMs)
      return { kind: 'young' };
    return newest.has(run) ? { kind: 'newest' } : undefined;
  };
  const asked = criteria.runs || criteria.olderThanMs !== undefined || criteria.keep !== undefined;
  const judged = seen.entries
    .filter((run) => run.removing || (asked && (!criteria.runs || isNamed(run, seen, criteria.runs))))
    .map((run) => ({ run, because: staysFor(run) }));
  return {
    going: judged.flatMap(({ run, because }) => (because ? [] : run)),
    staying: judged.flatMap(({ run, because }) => (because ? { run, because } : [])),
  };
}

/** By itself, or with a run that it is within. */
function isNamed({ first, partOf }: Indexed, seen: Seen, runs: readonly string[]): boolean {
  const within = partOf && seen.entries.find((one) => one.first === partOf.first);
  return runs.includes(first) || (within !== undefined && isNamed(within, seen, runs));
}

/**
 * What was chosen, as it stands after the runs were marked: one may have ended, or been found open, pinned or repeated,
 * meanwhile.
 */
export function confirm(
  { going: chosen, staying: stayed }: Choice,
  seen: Seen,
  criteria: Criteria,
  now: number,
): Choice & { readonly spared: Choice['staying'] } {
  const firsts = new Set(chosen.map(({ first }) => first));
  // Marked by this prune, it is judged as if it were not.
  const mine = new Set(chosen.flatMap(({ first, removing }) => (removing ? [] : first)));
  const entries = seen.entries.map((run): Indexed => {
    const { removing, ...rest } = run;
    return mine.has(run.first) && !run.removed ? rest : run;
  });
  const { going, staying } = choose({ ...seen, entries }, criteria, now);
  const spared = staying.filter(({ run }) => firsts.has(run.first));
  const hidden = staying.filter(({ run }) => run.removing && !firsts.has(run.first));
  return {
    going: going.filter(({ first, removing }) => removing || firsts.has(first)),
    staying: [...stayed, ...spared],
    spared: [...spared, ...hidden],
  };
}

/** The newest so many of each plan, of those that left a report. */
function newestOf({ entries }: Seen, keep: number | undefined): ReadonlySet<Indexed> {
  const places = new Map<string, number>();
  return new Set(
    entries.filter((run) => {
      if (keep === undefined || run.removing || !run.closed) return false;
      const place = (places.get(run.name) ?? 0) + 1;
      places.set(run.name, place);
      return place <= keep;
    }),
  );
}

const endOf = ({ closed, first }: Indexed, { ended }: Seen): number =>
  closed?.closedAt ?? ended.get(first) ?? Number.POSITIVE_INFINITY;
