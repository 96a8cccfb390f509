import type { FileRule } from '../../plan/integration.js';
import { type Collision, type FileSaid, type FileValue, standing } from '../files/collision.js';
import type { Files } from '../files/files.js';
import type { Report } from '../report.js';
import { losers } from '../rules.js';
import { bytes, counted, tallyOf } from '../words.js';
import { capped } from './capped.js';
import { rulesInOrder } from './conflicts.js';
import type { Ink } from './ink.js';

const LOST = 20;

/** `7 added, 1 modified`. */
export const inKinds = ({ changes }: Pick<Files, 'changes'>): string =>
  [...tallyOf(changes.map(({ change }) => change))].map(([kind, n]) => `${n} ${kind}`).join(', ');

/** What changed in all, and how to get it. */
export function mergedTree<T>(files: Files, { id }: Report['run'], { say, code }: Ink<T>): T {
  if (files.changes.length === 0) return say`No brief left a file.`;
  const command = code(`muster result ${id} --files FOLDER`);
  return say`${inKinds(files)}, merged from the workspaces of the briefs. ${command} writes the whole tree into a new folder.`;
}

/** How many paths collided, and what was to decide. */
export function collisionsInAll<T>({ collisions }: Files, rules: readonly FileRule[], ink: Ink<T>): T {
  const { say } = ink;
  if (collisions.length === 0) return say`None: git merged every path that more than one brief changed.`;
  const paths = `${counted(collisions.length, 'path')} changed in ways that do not merge.`;
  return say`${paths} Rules, in the order the plan gives them: ${rulesInOrder(rules, ink)}.`;
}

export function collisionDecision<T>({ rule, kept }: Collision, { say, em, prose }: Ink<T>): T {
  if (rule === undefined) return say`No rule of the plan decided, so every value is kept.`;
  return kept === undefined
    ? say`Rule ${em(prose(rule))}: every value is kept.`
    : say`Rule ${em(prose(rule))} decided.`;
}

/** What became of each value: it stands at the path, lies beside it, or is lost. */
export function fileFates<T>(collision: Collision, ink: Ink<T>): (said: FileSaid) => T {
  const { say, strong, code, joined } = ink;
  const stands = standing(collision);
  const isLost = losers(collision);
  return (said) => {
    if (said === stands) return strong(say`stands`);
    if (said.beside !== undefined) return say`kept as ${code(said.beside)}`;
    if (collision.kept === undefined) return isLost(said) ? say`lost` : say`nothing to keep`;
    const { shown, rest } = capped(said.files ?? [], LOST, 'answer.files.collisions', ink);
    if (shown.length === 0) return say`lost`;
    const files = shown.map(({ path, id }) => say`${code(path)} (${code(id.slice(0, 12))})`);
    return say`lost: ${joined(rest === undefined ? files : [...files, rest], ', ')}`;
  };
}

export const fileValue = <T>(value: FileValue, { say, code }: Ink<T>): T =>
  value === 'deleted' || value === 'folder'
    ? say`${value}`
    : say`${value.mode ? `${value.mode}, ` : ''}${bytes(value.size)} ${code(value.id.slice(0, 12))}`;

const WHY = {
  repository: 'a repository of its own',
  name: 'a name git does not keep',
} as const;

/** Why what a brief changed is not kept: it is … */
export const strayWhy = <T>(because: keyof typeof WHY | undefined, { say, code }: Ink<T>): T =>
  because ? say`${WHY[because]}` : say`outside what it ${code('produces')}`;
