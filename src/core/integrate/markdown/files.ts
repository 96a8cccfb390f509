import type { Plan } from '../../plan/plan.js';
import type { Collision } from '../files/collision.js';
import type { Files, Strayed } from '../files/files.js';
import type { Report } from '../report.js';
import {
  collisionDecision,
  collisionsInAll,
  fileFates,
  fileValue,
  mergedTree,
  strayWhy,
} from '../wording/files.js';
import { code } from './escape.js';
import { INK } from './ink.js';
import { capped, table } from './tables.js';

const CHANGES = 100;
const COLLISIONS = 50;
const STRAYS = 50;

/** The merged tree: what changed and whose work it is, what collided and what decided, what was changed and not kept. */
export function mergedFiles({ answer, run }: Report, plan: Plan): string[] {
  const { files } = answer;
  if (!files) return [];
  return [
    mergedTree(files, run, INK),
    ...changed(files),
    '',
    '### Collisions',
    '',
    ...collisions(files, plan),
    '',
    '### Changed and not kept',
    '',
    ...strayed(files.strays),
  ];
}

function changed({ changes }: Files): string[] {
  if (changes.length === 0) return [];
  const { shown, rest } = capped(changes, CHANGES, 'answer.files.changes');
  const rows = shown.map(({ path, change, by }) => [code(path), change, by.map(code).join(', ')]);
  return ['', ...table(['File', 'Is', 'From'], rows), ...rest];
}

function collisions(files: Files, { integrate }: Plan): string[] {
  const { shown, rest } = capped(files.collisions, COLLISIONS, 'answer.files.collisions');
  const lines = [...shown.flatMap(collisionLines), ...rest];
  return [collisionsInAll(files, integrate.files ?? [], INK), ...(lines.length > 0 ? ['', ...lines] : [])];
}

function collisionLines(collision: Collision): string[] {
  const fate = fileFates(collision, INK);
  return [
    `- ${code(collision.path)}. ${collisionDecision(collision, INK)}`,
    ...collision.values.map(
      (said) => `  - ${fileValue(said.value, INK)}, by ${said.by.map(code).join(', ')}: ${fate(said)}`,
    ),
  ];
}

function strayed(strays: readonly Strayed[]): string[] {
  if (strays.length === 0) return ['Nothing.'];
  const all = strays.flatMap(({ by, paths }) => paths.map((one) => ({ by, ...one })));
  const { shown, rest } = capped(all, STRAYS, 'answer.files.strays');
  const rows = shown.map(({ by, path, change, because }) => [
    code(by),
    code(path),
    change,
    strayWhy(because, INK),
  ]);
  return [...table(['Brief', 'File', 'Was', 'Not kept because it is'], rows), ...rest];
}
