import type { Plan } from '../../plan/plan.js';
import { type Collision, type FileSaid, type FileValue, standing } from '../files/collision.js';
import type { Files, Strayed } from '../files/files.js';
import type { Report } from '../report.js';
import { losers, ruleText } from '../rules.js';
import { bytes, counted, tallyOf } from '../words.js';
import { code, prose } from './escape.js';
import { capped, table } from './tables.js';

const CHANGES = 100;
const COLLISIONS = 50;
const STRAYS = 50;
const LOST = 20;

/** The merged tree: what changed and whose work it is, what collided and what decided, what was changed and not kept. */
export function mergedFiles({ answer, run }: Report, { integrate }: Plan): string[] {
  const { files } = answer;
  if (!files) return [];
  return [
    files.changes.length === 0
      ? 'No brief left a file.'
      : `${inKinds(files)}, merged from the workspaces of the briefs. ${code(`muster result ${run.id} --files FOLDER`)} writes the whole tree into a new folder.`,
    ...changed(files),
    '',
    '### Collisions',
    '',
    ...collisions(files, integrate.files ?? []),
    '',
    '### Changed and not kept',
    '',
    ...strayed(files.strays),
  ];
}

/** `7 added, 1 modified`. */
export const inKinds = ({ changes }: Pick<Files, 'changes'>): string =>
  [...tallyOf(changes.map(({ change }) => change))].map(([kind, n]) => `${n} ${kind}`).join(', ');

function changed({ changes }: Files): string[] {
  if (changes.length === 0) return [];
  const { shown, rest } = capped(changes, CHANGES, 'answer.files.changes');
  const rows = shown.map(({ path, change, by }) => [code(path), change, by.map(code).join(', ')]);
  return ['', ...table(['File', 'Is', 'From'], rows), ...rest];
}

function collisions({ collisions }: Files, rules: NonNullable<Plan['integrate']['files']>): string[] {
  if (collisions.length === 0) return ['None: git merged every path that more than one brief changed.'];
  const { shown, rest } = capped(collisions, COLLISIONS, 'answer.files.collisions');
  const inOrder = rules.map((rule) => `*${prose(ruleText(rule))}*`).join(', then ');
  return [
    `${counted(collisions.length, 'path')} changed in ways that do not merge. Rules, in the order the plan gives them: ${inOrder || 'none, so every value is kept'}.`,
    '',
    ...shown.flatMap(collisionLines),
    ...rest,
  ];
}

function collisionLines(collision: Collision): string[] {
  const { path, values, rule, kept } = collision;
  const why =
    rule === undefined
      ? 'No rule of the plan decided, so every value is kept.'
      : kept === undefined
        ? `Rule *${prose(rule)}*: every value is kept.`
        : `Rule *${prose(rule)}* decided.`;
  const stands = standing(collision);
  const isLost = losers(collision);
  const fate = (said: FileSaid): string => {
    if (said === stands) return '**stands**';
    if (said.beside !== undefined) return `kept as ${code(said.beside)}`;
    if (kept === undefined) return isLost(said) ? 'lost' : 'nothing to keep';
    const { shown, rest } = capped(said.files ?? [], LOST, 'answer.files.collisions');
    const files = shown.map(({ path, id }) => `${code(path)} (${code(id.slice(0, 12))})`);
    return ['lost', ...files, ...rest].join(', ').replace(', ', ': ');
  };
  return [
    `- ${code(path)}. ${why}`,
    ...values.map(
      (said) => `  - ${valueInWords(said.value)}, by ${said.by.map(code).join(', ')}: ${fate(said)}`,
    ),
  ];
}

const valueInWords = (value: FileValue): string =>
  value === 'deleted' || value === 'folder'
    ? value
    : `${value.mode ? `${value.mode}, ` : ''}${bytes(value.size)} ${code(value.id.slice(0, 12))}`;

const WHY = {
  repository: 'a repository of its own',
  name: 'a name git does not keep',
} as const;

function strayed(strays: readonly Strayed[]): string[] {
  if (strays.length === 0) return ['Nothing.'];
  const all = strays.flatMap(({ by, paths }) => paths.map((one) => ({ by, ...one })));
  const { shown, rest } = capped(all, STRAYS, 'answer.files.strays');
  const rows = shown.map(({ by, path, change, because }) => [
    code(by),
    code(path),
    change,
    because ? WHY[because] : 'outside what it `produces`',
  ]);
  return [...table(['Brief', 'File', 'Was', 'Not kept because it is'], rows), ...rest];
}
