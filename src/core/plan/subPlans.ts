import type { Draft, WrittenBrief } from './draft.js';
import type { SubPlanFile } from './executor.js';
import { MAX_BRIEFS } from './plan.js';
import { type Path, Problems } from './problems.js';
import { readDocument } from './read.js';
import { shape } from './shape.js';
import { type Surroundings, textIn } from './surroundings.js';

/** The plan files that briefs run, read once. What they come to with their params is known when they are compiled. */
export interface SubPlans {
  /** By brief id. */
  readonly files: ReadonlyMap<string, SubPlanFile>;
  /** Their bytes by digest. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
}

/** A brief that runs a plan says which, and no more than that has a use for; a file can be read and keeps to the format. */
export async function gatherSubPlans(
  { briefs }: Draft,
  folder: string | undefined,
  surroundings: Surroundings,
  problems: Problems,
): Promise<SubPlans> {
  const files = new Map<string, SubPlanFile>();
  const bytes = new Map<string, Uint8Array>();
  for (const brief of briefs) {
    const { plan, at, id } = brief;
    if (!plan || problems.doubts('briefs', at, 'plan')) continue;
    const path = ['briefs', at, 'plan'];
    checkSource(plan, path, problems);
    checkRetry(brief, problems);
    if (plan.file === undefined) continue;
    const text = await textOf(plan.file, folder, surroundings, [...path, 'file'], problems);
    if (text === undefined) continue;
    const content = new TextEncoder().encode(text);
    const digest = surroundings.digest(content);
    bytes.set(digest, content);
    const briefs = sizeOf(text, problems.within([...path, 'file'], plan.file));
    files.set(id, { path: plan.file, digest, briefs });
  }
  return { files, bytes };
}

function checkSource(plan: NonNullable<WrittenBrief['plan']>, path: Path, problems: Problems): void {
  const given = (['from', 'file'] as const).filter((key) => plan[key] !== undefined);
  if (given.length === 1) return;
  const got = given.length === 0 ? 'neither' : 'both';
  problems.error(path, `a plan comes \`from\` a value or is a \`file\`; this has ${got}.`);
}

/** What fails within it is tried again within it. */
function checkRetry({ at, retry }: WrittenBrief, problems: Problems): void {
  for (const key of ['attempts', 'backoff', 'on'] as const)
    if (retry?.[key] !== undefined)
      problems.error(
        ['briefs', at, 'retry', key],
        `\`${key}\` means nothing to \`plan\`: the briefs of that plan have tries of their own. Remove it.`,
      );
}

/** Undefined where it cannot be read; why is in `problems`. */
async function textOf(
  file: string,
  folder: string | undefined,
  surroundings: Surroundings,
  path: Path,
  problems: Problems,
): Promise<string | undefined> {
  if (folder === undefined) {
    problems.error(
      path,
      'a plan that comes without a file reads no files of the machine. Give that plan by `from`, or start from a plan file.',
    );
    return undefined;
  }
  return textIn(folder, file, surroundings, path, problems);
}

/** Of a plan in the format; how many briefs are written in it. */
function sizeOf(text: string, outer: Problems): number {
  const problems = new Problems();
  const document = readDocument(text, problems);
  const briefs = document ? shape(document, problems).briefs.length : 0;
  for (const { path, line, message } of problems.list())
    outer.error([], path === '' ? message : `${path}: ${message}`, line);
  return Math.min(briefs, MAX_BRIEFS);
}
