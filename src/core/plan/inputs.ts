import type { Digest, JsonObject } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';

import type { InputFile, Plan } from './plan.js';
import type { Path, Problems } from './problems.js';
import { readDocument } from './read.js';
import type { PlanDocument } from './schema.js';
import { type Surroundings, textIn } from './surroundings.js';
import { renderText } from './template.js';

type WrittenInput = NonNullable<PlanDocument['inputs']>[string];

export interface Gathered {
  readonly inputs: Plan['inputs'];
  /** Bytes of every input by digest. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Finds the files of every input, once, and reads them by digest. */
export async function gatherInputs(
  written: PlanDocument['inputs'],
  params: JsonObject,
  folder: string | undefined,
  surroundings: Surroundings,
  problems: Problems,
): Promise<Gathered> {
  const inputs: { [name: string]: readonly InputFile[] } = {};
  const files = new Map<string, Uint8Array>();
  for (const [name, input] of Object.entries(written ?? {})) {
    const path = ['inputs', name];
    const found = await matches(input, path, params, folder, surroundings, problems);
    if (found) {
      inputs[name] = recordFiles(found, files, surroundings.digest);
      checkCount(input, found.size, path, problems);
    }
  }
  return { inputs, files };
}

async function matches(
  { glob }: WrittenInput,
  path: Path,
  params: JsonObject,
  folder: string | undefined,
  surroundings: Surroundings,
  problems: Problems,
): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  const found = new Map<string, Uint8Array>();
  for (const pattern of [glob].flat()) {
    try {
      const rendered = renderText(pattern, { params });
      if (folder === undefined) {
        problems.error(
          [...path, 'glob'],
          'a plan that comes without a file reads no files of the machine. Give the data by `params`, or start from a plan file.',
        );
        return undefined;
      }
      for (const file of await surroundings.glob(rendered, folder)) found.set(file.path, file.bytes);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.error([...path, 'glob'], error.message);
      return undefined;
    }
  }
  return found;
}

function recordFiles(
  found: ReadonlyMap<string, Uint8Array>,
  files: Map<string, Uint8Array>,
  digestOf: Digest,
): InputFile[] {
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => {
      const digest = digestOf(bytes);
      files.set(digest, bytes);
      return { path, digest, size: bytes.length };
    });
}

function checkCount({ glob, min, max }: WrittenInput, count: number, path: Path, problems: Problems): void {
  const shown = [glob].flat().join(', ');
  const matched = `\`${shown}\` matches ${count === 1 ? '1 file' : `${count.toLocaleString('en')} files`}`;
  if (min !== undefined && count < min)
    problems.error(path, `${matched}, and at least ${min} are wanted. Check the path.`);
  else if (max !== undefined && count > max) problems.error(path, `${matched}, over its maximum of ${max}.`);
  else if (count === 0)
    problems.warning(path, `${matched}. Check the path, or say \`min: 1\` to make this an error.`);
}

/** A schema, or where it is only `$ref: file` what that file holds. Undefined where it cannot be read. */
export async function readSchema(
  schema: JsonObject,
  path: Path,
  folder: string | undefined,
  surroundings: Surroundings,
  problems: Problems,
): Promise<JsonObject | undefined> {
  const { $ref: file } = schema;
  if (typeof file !== 'string' || file.startsWith('#') || /^[a-z]+:/.test(file)) return schema;
  const at = [...path, '$ref'];
  if (folder === undefined) {
    problems.error(at, `a plan without a folder has no file \`${file}\`. Write the schema here.`);
    return undefined;
  }
  const text = await textIn(folder, file, surroundings, at, problems);
  return text === undefined ? undefined : readDocument(text, problems.within(path, file));
}
