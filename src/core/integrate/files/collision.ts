import { type Entry, LINK, type State } from '../../files/change.js';
import type { FileRule } from '../../plan/integration.js';
import { type Claim, decide, losers, ruleText, type Voice } from '../rules.js';

/** A path that was changed in ways that do not merge. */
export interface Collision {
  readonly path: string;
  readonly values: readonly FileSaid[];
  /** As the plan writes it; absent where no rule decided. */
  readonly rule?: string;
  /** What stands at the path; absent where every value is kept. */
  readonly kept?: FileValue;
  readonly lost: readonly FileSaid[];
}
export interface FileSaid {
  readonly value: FileValue;
  readonly by: readonly string[];
  /** Where it is kept, if not at the path itself. */
  readonly beside?: string;
  /** Of a folder that lost: what was in it. */
  readonly files?: readonly { readonly path: string; readonly id: string }[];
}
/** `folder`: files below the path. `id` is git's, of the content. */
export type FileValue =
  | 'deleted'
  | 'folder'
  | { readonly id: string; readonly size: number; readonly mode?: 'executable' | 'link' };

/** One of the states that a path is in by different accounts; `folder`: there are files below it. */
export type Side = Claim<State | 'folder'> & Pick<FileSaid, 'files'>;

export interface Settled {
  readonly collision: Collision;
  /** What is at the path then. */
  readonly stands: Side;
  /** What is put beside it. */
  readonly besides: readonly {
    readonly path: string;
    readonly value: Entry;
    readonly by: readonly Voice[];
  }[];
}

/**
 * Decides between the sides by the rules. Where all are kept, the first that is something stands, a folder before a
 * file, which can be moved; files lie beside it under a name of their own; of a deletion there is nothing to keep.
 * @param name finds a path for what a brief or instance of that label left
 */
export function settle(
  path: string,
  sides: readonly Side[],
  rules: readonly FileRule[],
  name: (label: string, value: Entry) => string,
): Settled {
  const { rule, stands: winner } = decide(rules, sides);
  const stands =
    winner ?? sides.find(({ value }) => value === 'folder') ?? sides.find(({ value }) => value) ?? sides[0]!;
  const besides: { path: string; value: Entry; by: readonly Voice[] }[] = [];
  const values = sides.map((side): FileSaid => {
    const { value, by } = side;
    const lost = winner && side !== winner;
    const said = {
      value: valueAs(value),
      by: labelsOf(by),
      ...(lost && side.files && { files: side.files }),
    };
    if (winner || side === stands || value === undefined || value === 'folder') return said;
    const beside = name(by[0]!.label, value);
    besides.push({ path: beside, value, by });
    return { ...said, beside };
  });
  const collision: Collision = {
    path,
    values,
    ...(rule && { rule: ruleText(rule) }),
    ...(winner && { kept: valueAs(winner.value) }),
    lost: winner ? values.filter((_, n) => sides[n] !== winner) : [],
  };
  return { collision, stands, besides };
}

/** What stands at the path itself, and whose it is; of a report read again, too. */
export function standing(collision: Collision): FileSaid | undefined {
  const { values, kept } = collision;
  const isLost = losers(collision);
  if (kept !== undefined) return values.find((one) => !isLost(one));
  const there = values.filter(({ value, beside }) => beside === undefined && value !== 'deleted');
  return there[0] ?? values[0];
}

const MODES = { '100644': undefined, '100755': 'executable', [LINK]: 'link' } as const;

function valueAs(value: Side['value']): FileValue {
  if (value === undefined) return 'deleted';
  if (value === 'folder') return value;
  const mode = MODES[value.mode];
  return { id: value.id, size: value.size, ...(mode && { mode }) };
}

export const labelsOf = (voices: readonly Voice[]): string[] => [
  ...new Set(voices.map(({ label }) => label)),
];

/** `src/index.mjs~web`, as git calls them: beside the path, after whom it is from. A name that gets too long is shortened. */
export function besideName(path: string, label: string, taken: (path: string) => boolean): string {
  const from = `~${label.replace(/[^A-Za-z0-9._-]+/g, '_').slice(0, 60)}`;
  const [folder, file] = [path.slice(0, path.lastIndexOf('/') + 1), path.slice(path.lastIndexOf('/') + 1)];
  for (let n = 1; ; n++) {
    const end = n === 1 ? from : `${from}~${n}`;
    const name = `${folder}${shortened(file, LONGEST_NAME - end.length)}${end}`;
    if (!taken(name)) return name;
  }
}

/** Bytes of a file name that every common file system takes. */
const LONGEST_NAME = 255;

function shortened(name: string, bytes: number): string {
  const letters = [...name];
  while (new TextEncoder().encode(letters.join('')).length > bytes) letters.pop();
  return letters.join('');
}
