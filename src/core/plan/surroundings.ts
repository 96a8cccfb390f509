import type { Prices } from '../budget/prices.js';
import type { Base } from '../files/manifest.js';
import type { Digest, JsonObject } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';
import type { Path, Problems } from './problems.js';

/** A plan as it comes: text, or a document that was read before. */
export interface Source {
  readonly text?: string;
  readonly document?: JsonObject;
  /** Shown in messages. */
  readonly path?: string;
  /** Absolute; where it can be read again. */
  readonly file?: string;
  /** Absolute; relative paths of the plan are relative to it. */
  readonly folder?: string;
  readonly params?: JsonObject;
}

/** What compiling needs of the world around. */
export interface Surroundings {
  readonly digest: Digest;
  /** Files that match, paths as `InputFile` has them. @throws Failure `InvalidInput` where one cannot be read */
  glob(pattern: string, folder: string): Promise<readonly { path: string; bytes: Uint8Array }[]>;
  /** Text of a file; undefined where there is none. @throws Failure `InvalidInput` where it cannot be read */
  read(path: string, folder: string): Promise<string | undefined>;
  /** Muster's own roles, and the text of one; undefined where there is none of that name. */
  readonly ownRoles: readonly string[];
  ownRole(name: string): Promise<string | undefined>;
  /** What models are known to cost. */
  readonly prices: Prices;
  /** Whether a command of that name could be started, in `folder` where it is a path. */
  commandExists(name: string, folder?: string): Promise<boolean>;
  /**
   * What workspaces begin with.
   * @param file of the plan; absolute
   * @throws Failure `InvalidInput` where it cannot be had
   */
  base(kind: Base['kind'], folder: string, file: string | undefined): Promise<FoundBase>;
}

export interface FoundBase extends Pick<Base, 'tree' | 'key' | 'within'> {
  readonly pack: Uint8Array;
  /** What of the folder is not in it, or is doubtful; a sentence each. */
  readonly notes: readonly string[];
}

/** Text of a file that a plan names at `path`; undefined where it cannot be read, and why is in `problems`. */
export async function textIn(
  folder: string,
  file: string,
  { read }: Surroundings,
  path: Path,
  problems: Problems,
): Promise<string | undefined> {
  try {
    const text = await read(file, folder);
    if (text === undefined) problems.error(path, `there is no file \`${file}\` in the plan's folder.`);
    return text;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    problems.error(path, error.message);
    return undefined;
  }
}
