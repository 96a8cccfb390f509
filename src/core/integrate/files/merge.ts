import { type Change, type Entry, type State, sameState } from '../../files/change.js';
import type { FileRule } from '../../plan/integration.js';
import { grouped } from '../grouped.js';
import type { Voice } from '../rules.js';
import { BASE, type Camp, campsOf, type MergeText, type PathClaim } from './camps.js';
import { besideName, type Collision, type FileSaid, labelsOf, type Side, settle } from './collision.js';

/*
 * Many trees of one base become one.
 *  1. Each path is judged by itself, so that what is said of it can be said in a sentence. No path is taken for another
 *     under a new name: a file that moved is one deleted and one added.
 *  2. Nothing is lost in silence: what a brief left at a path is in the merged tree, merged with others', or among
 *     the values of a collision.
 *  3. The order is that of the plan along its needs, never that of completion.
 *  4. The result is a tree: no path is a file and a folder. What nobody changed has a say where it is in the way.
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
  /** All of the base, by path. */
  readonly base: ReadonlyMap<string, Entry>;
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
  { rules, mergeText, base }: MergeHow,
): Promise<MergedFiles> {
  const claims = grouped(contributions.flatMap(claimsOf), ({ path }) => path);
  const placed = new Map<string, Placed>(
    [...base].map(([path, value]) => [path, { base: value, value, by: [BASE] }]),
  );
  const contested: (readonly [path: string, camps: readonly Camp[]])[] = [];
  for (const [path, all] of claims) {
    const camps = await campsOf(all, base.get(path), mergeText);
    placed.set(path, { base: base.get(path), ...camps[0]! });
    if (camps.length > 1) contested.push([path, camps]);
  }

  const collisions: Collision[] = [];
  const folders = new Set([...placed.keys()].flatMap(above));
  const nameIn = (path: string) => (label: string, value: Entry) =>
    besideName(
      path,
      label,
      (name) =>
        folders.has(name) || (placed.has(name) && !sameState((claims.get(name) ?? [])[0]?.before, value)),
    );
  const decide = ([path, sides]: readonly [string, readonly Side[]]): Side => {
    const { collision, stands, besides } = settle(path, sides, rules, nameIn(path));
    collisions.push(collision);
    for (const one of besides) {
      // Whoever built on both has said what becomes of it.
      const { value, by } = claims.has(one.path) ? placed.get(one.path)! : one;
      placed.set(one.path, { base: base.get(one.path), value, by });
    }
    return stands;
  };
  for (const [path, all] of contested) {
    const camps = settledBy(claims, all, nameIn(path));
    const { value, by } = camps.length > 1 ? decide([path, camps]) : camps[0]!;
    placed.set(path, { base: base.get(path), value: value as State, by });
  }
  separate(placed, contributions, decide);

  return {
    changes: [...placed].flatMap(([path, one]) => changeOf(path, one)).sort(byPath),
    collisions: collisions.map((one) => asLeft(one, placed)).sort(byPath),
  };
}

/** Without the camps whose file somebody found beside the first, and removed: that one has settled it. */
function settledBy(
  claims: ReadonlyMap<string, readonly PathClaim[]>,
  camps: readonly Camp[],
  name: (label: string, value: Entry) => string,
): readonly Camp[] {
  const first = camps.find(({ value }) => value) ?? camps[0]!;
  const takenUp = ({ value, by }: Camp) =>
    value && claims.get(name(by[0]!.label, value))?.find(({ after }) => after === undefined);
  const gone = new Map(
    camps.flatMap((camp) => {
      const claim = camp === first ? undefined : takenUp(camp);
      return claim ? [[camp, claim.by] as const] : [];
    }),
  );
  const by = [first, ...gone.keys()].flatMap((camp) => [
    ...camp.by,
    ...(gone.has(camp) ? [gone.get(camp)!] : []),
  ]);
  return camps
    .filter((camp) => !gone.has(camp))
    .map((camp) => (camp === first ? { ...camp, by: [...new Set(by)] } : camp));
}

/** What was put beside a path and is in the tree no more is lost. */
function asLeft(collision: Collision, placed: ReadonlyMap<string, Placed>): Collision {
  const gone = collision.values.filter(({ beside }) => beside !== undefined && !placed.get(beside)?.value);
  if (gone.length === 0) return collision;
  const plain = ({ beside: _, ...said }: FileSaid): FileSaid => said;
  return {
    ...collision,
    values: collision.values.map((said) => (gone.includes(said) ? plain(said) : said)),
    lost: [...collision.lost, ...gone.map(plain)],
  };
}

const claimsOf = ({ brief, label, changes }: Contribution): readonly PathClaim[] =>
  changes.map((change) => ({ ...change, by: { brief, label } }));

/** The folders that a path lies in. */
function above(path: string): string[] {
  const found: string[] = [];
  for (let end = path.indexOf('/'); end > 0; end = path.indexOf('/', end + 1)) found.push(path.slice(0, end));
  return found;
}

/** Paths that are a file, with files below them. */
function clashes(placed: ReadonlyMap<string, Placed>): string[] {
  const there = [...placed].filter(([, { value }]) => value).flatMap(([path]) => above(path));
  return [...new Set(there)].filter((path) => placed.get(path)?.value).sort();
}

/** Makes a tree of what is placed: where a file and a folder meet, the rules decide. */
function separate(
  placed: Map<string, Placed>,
  contributions: readonly Contribution[],
  decide: (one: readonly [string, readonly Side[]]) => Side,
): void {
  const rank = new Map([BASE, ...contributions].map(({ label }, n) => [label, n]));
  const order = (a: Voice, b: Voice) => rank.get(a.label)! - rank.get(b.label)!;
  const clear = (path: string) => placed.set(path, { ...placed.get(path)!, value: undefined });
  for (const path of clashes(placed)) {
    const file = placed.get(path)!;
    const below = [...placed].filter(([name, { value }]) => value && name.startsWith(`${path}/`));
    if (!file.value || below.length === 0) continue;
    const within = new Map(below.flatMap(([, { by }]) => by.map((voice) => [voice.label, voice])));
    const files = below.map(([name, { value }]) => ({ path: name, id: value!.id }));
    const folder: Side = { value: 'folder', by: [...within.values()].sort(order), files };
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
