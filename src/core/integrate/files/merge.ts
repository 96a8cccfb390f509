import { type Change, type State, sameState } from '../../files/change.js';
import type { FileRule } from '../../plan/plan.js';
import type { Voice } from '../rules.js';
import { campsOf, type MergeText, type PathClaim } from './camps.js';
import { besideName, type Collision, labelsOf, type Side, settle } from './collision.js';

/*
 * Many trees of one base become one.
 *  1. Each path is judged by itself, so that what is said of it can be said in a sentence. No path is taken for another
 *     under a new name: a file that moved is one deleted and one added.
 *  2. Nothing is lost in silence: what a brief left at a path is in the merged tree, merged with others', or among
 *     the values of a collision.
 *  3. The order is that of the plan along its needs, never that of completion.
 *  4. The result is a tree: no path is a file and a folder.
 */

/** What one brief or instance changed against the tree that its workspace began with. */
export interface Contribution extends Voice {
  readonly changes: readonly Change[];
}

export interface MergedFiles {
  /** How the merged tree differs from the base, by path. */
  readonly changes: readonly MergedChange[];
  readonly collisions: readonly Collision[];
}
interface MergedChange extends Change {
  /** Labels of those whose work is in it. */
  readonly by: readonly string[];
}

export interface MergeHow {
  /** Tried in order. */
  readonly rules: readonly FileRule[];
  readonly mergeText: MergeText;
  /** Every path of the base; asked where something is to be put beside another. */
  readonly basePaths: () => Promise<readonly string[]>;
}

/** What is at a path, and whose work that is. */
interface Placed {
  readonly base: State;
  readonly value: State;
  readonly by: readonly Voice[];
}

/** @param contributions in merge order: needs before what needs them */
export async function mergeFiles(
  contributions: readonly Contribution[],
  { rules, mergeText, basePaths }: MergeHow,
): Promise<MergedFiles> {
  const claims = claimsByPath(contributions);
  const placed = new Map<string, Placed>();
  const contested: (readonly [path: string, sides: readonly Side[]])[] = [];
  for (const [path, all] of claims) {
    const camps = await campsOf(all, mergeText);
    placed.set(path, { base: all[0]!.before, ...camps[0]! });
    if (camps.length > 1) contested.push([path, camps]);
  }

  const collisions: Collision[] = [];
  const taken = new Set(contested.length > 0 || clashes(placed).length > 0 ? await basePaths() : []);
  const decide = ([path, sides]: readonly [string, readonly Side[]]): Side => {
    const { collision, stands, besides } = settle(path, sides, rules, (label, value) =>
      besideName(path, label, (name) => taken.has(name) || claimedBefore(claims.get(name), value)),
    );
    collisions.push(collision);
    for (const one of besides) {
      taken.add(one.path);
      // Whoever built on both has said what becomes of it.
      const later = claims.has(one.path) ? placed.get(one.path)! : one;
      placed.set(one.path, { base: undefined, value: later.value, by: later.by });
    }
    return stands;
  };
  for (const one of contested) {
    const { value, by } = decide(one);
    placed.set(one[0], { ...placed.get(one[0])!, value: value as State, by });
  }
  separate(placed, contributions, decide);

  return {
    changes: [...placed].flatMap(([path, one]) => changeOf(path, one)).sort(byPath),
    collisions: collisions.sort(byPath),
  };
}

function claimsByPath(contributions: readonly Contribution[]): Map<string, PathClaim[]> {
  const claims = new Map<string, PathClaim[]>();
  for (const { brief, label, changes } of contributions) {
    for (const { path, ...change } of changes) {
      const claim = { ...change, by: { brief, label } };
      const all = claims.get(path);
      if (all) all.push(claim);
      else claims.set(path, [claim]);
    }
  }
  return claims;
}

/** Whether a name is spoken for by somebody who did not find `value` under it. */
const claimedBefore = (claims: readonly PathClaim[] | undefined, value: State): boolean =>
  claims !== undefined && !sameState(claims[0]!.before, value);

/** Paths that are a file, with files below them. */
function clashes(placed: ReadonlyMap<string, Placed>): string[] {
  const found = new Set<string>();
  for (const [path, { value }] of placed) {
    if (!value) continue;
    for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) {
      const above = path.slice(0, end);
      if (placed.get(above)?.value) found.add(above);
    }
  }
  return [...found].sort();
}

/** Makes a tree of what is placed: where a file and a folder meet, the rules decide. */
function separate(
  placed: Map<string, Placed>,
  contributions: readonly Contribution[],
  decide: (one: readonly [string, readonly Side[]]) => Side,
): void {
  const rank = new Map(contributions.map(({ label }, n) => [label, n]));
  const order = (a: Voice, b: Voice) => rank.get(a.label)! - rank.get(b.label)!;
  const clear = (path: string) => placed.set(path, { ...placed.get(path)!, value: undefined });
  for (const path of clashes(placed)) {
    const file = placed.get(path)!;
    const below = [...placed].filter(([name, { value }]) => value && name.startsWith(`${path}/`));
    if (!file.value || below.length === 0) continue;
    const within = new Map(below.flatMap(([, { by }]) => by.map((voice) => [voice.label, voice])));
    const folder: Side = { value: 'folder', by: [...within.values()].sort(order) };
    const sides = [file, folder].sort((a, b) => order(a.by[0]!, b.by[0]!));
    if (decide([path, sides]).value === 'folder') clear(path);
    else for (const [name] of below) clear(name);
  }
}

function changeOf(path: string, { base, value, by }: Placed): MergedChange[] {
  if (sameState(base, value)) return [];
  return [{ path, ...(base && { before: base }), ...(value && { after: value }), by: labelsOf(by) }];
}

const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
