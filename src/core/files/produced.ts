import picomatch from 'picomatch/posix.js';
import { type Change, kindOf } from './change.js';
import type { Stray, Unkeepable } from './manifest.js';

/** Every path that differs from the start, and what git cannot keep. */
export interface Found {
  readonly changes: readonly Change[];
  readonly unkeepable: readonly { readonly path: string; readonly because: Unkeepable }[];
}

/** Tells of a path, from the root of the tree, whether one of the globs, relative to the folder `within`, names it. */
export function namedBy(globs: readonly string[], within: string): (path: string) => boolean {
  const matches = globs.map((glob) => picomatch(plain(glob), { dot: true }));
  const head = within === '' ? '' : `${within}/`;
  return (path) => path.startsWith(head) && matches.some((match) => match(path.slice(head.length)));
}

/** A folder written with a slash at its end is all that lies in it. */
const plain = (glob: string): string => glob.replace(/^(\.\/)+/, '').replace(/\/$/, '/**');

/** What a brief may keep of what it changed: without `produces` everything that can be kept. */
export function sortOut(
  { changes, unkeepable }: Found,
  produces: ((path: string) => boolean) | undefined,
): { readonly kept: readonly Change[]; readonly strays: readonly Stray[] } {
  const named = ({ path }: Change) => produces === undefined || produces(path);
  const strays = [
    ...changes
      .filter((change) => !named(change))
      .map((change): Stray => ({ path: change.path, change: kindOf(change) })),
    ...unkeepable.map(({ path, because }): Stray => ({ path, change: 'added', because })),
  ];
  return { kept: changes.filter(named), strays: strays.sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/**
 * Whether a symbolic link may lead out of its tree, wherever that is checked out. Inside stays a target that first goes
 * up, no further than the root, and then only down: what it passes on the way down stays inside by the same rule.
 */
export function leadsOut(path: string, target: string): boolean {
  const steps = target.split('/').filter((step) => step !== '' && step !== '.');
  const up = steps.findIndex((step) => step !== '..');
  const rest = up < 0 ? [] : steps.slice(up);
  const depth = path.split('/').length - 1;
  // A repository's own folder is no part of the tree.
  if (steps.some((step) => step.toLowerCase() === '.git')) return true;
  return target.startsWith('/') || rest.includes('..') || steps.length - rest.length > depth;
}
