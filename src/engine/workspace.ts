import { leadsOut, namedBy, sortOut } from '../core/files/produced.js';
import { canonical, type Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Content, FilesMade } from '../core/outcome/rows.js';
import type { Bindings } from '../core/plan/bindings.js';
import type { Work } from '../core/plan/render.js';
import { renderGlob } from '../core/plan/template.js';
import type { Workspace } from '../ports/trees.js';
import { madeBefore, mergeMade } from './contributions.js';
import { storeFiles } from './filesMade.js';
import { recordedInputs } from './outputs.js';
import type { Prepared } from './prepare.js';
import type { Unit } from './unit.js';

/*
 * A try in a folder of its own.
 *  1. Every try of a brief begins with the same tree: the base, with what its needs made.
 *  2. What it leaves counts once it is accepted, and then all at once; of any other try nothing is kept.
 *  3. What is kept lies in the store before the row that names it.
 */

/** What the tries of a unit begin with. */
export interface Start {
  readonly tree: string;
  /** What of it a result is made from: the base without the plan's own file, and how the tree differs. */
  readonly content: Json;
}

/** Undefined where they work in the plan's folder. @throws Failure `StoreUnavailable` */
export async function startOf(unit: Unit, { row }: Pick<Prepared, 'row'>): Promise<Start | undefined> {
  const { effects, lease, plan, log, fan, depot } = unit;
  if (!depot) return undefined;
  const { u, k, run } = lease;
  const who = { store: effects.store, run: run.first, plan, u, ...(k !== undefined && { k }) };
  const made = await madeBefore(who, recordedInputs(fan?.inputs, log.state.inputs ?? row));
  const { tree, changes } = await mergeMade({ store: effects.store, plan }, depot, made);
  const { key, within } = plan.base!;
  const differs = changes.map(({ path, after }) => [path, after?.mode ?? null, after?.id ?? null]);
  return { tree, content: [key, within, differs] };
}

/** What a result owes to its workspace: what that began with, and what of it is kept. */
export function workspaceContent({ brief, effects }: Unit, bindings: Bindings, { content }: Start): Content {
  const produces = producedBy(brief.workspace?.produces, bindings) ?? null;
  return { workspace: effects.digest(canonical([content, produces])).slice(0, 16) };
}

const producedBy = (produces: readonly string[] | undefined, bindings: Bindings): string[] | undefined =>
  produces?.map((glob) => renderGlob(glob, bindings));

export const workIn = (folder: string, work: Work): Work =>
  work.kind === 'run' || work.kind === 'call' ? { ...work, cwd: folder } : work;

/** What a try in a workspace is given. */
export interface InWorkspace {
  /** Where the plan's folder is in it; absolute. */
  readonly folder: string;
  readonly keepFiles: (signal: AbortSignal) => Promise<FilesMade>;
}

/** Carries out `work` in a fresh workspace that is gone afterwards; in none where there is no start. */
export async function inWorkspace<T>(
  unit: Unit,
  bindings: Bindings,
  start: string | undefined,
  work: (given: InWorkspace | undefined) => Promise<T>,
): Promise<T> {
  const { depot, plan } = unit;
  if (!depot || start === undefined) return work(undefined);
  const space = await depot.open(start, plan.base!.within);
  try {
    return await work({ folder: space.within, keepFiles: (signal) => keep(unit, bindings, space, signal) });
  } finally {
    await space.remove();
  }
}

async function keep(
  unit: Unit,
  bindings: Bindings,
  space: Workspace,
  signal: AbortSignal,
): Promise<FilesMade> {
  const { brief, label, plan, depot } = unit;
  const globs = producedBy(brief.workspace?.produces, bindings);
  const named = globs && namedBy(globs, plan.base!.within);
  const { links, ...found } = await space.changes(named, signal);
  const { kept, strays } = sortOut(found, named);
  if (named && kept.length === 0 && !(await space.paths()).some(named))
    throw new Failure(
      'OutputInvalid',
      `${label} produced nothing: no file matches ${globs.map((glob) => `\`${glob}\``).join(', ')}.${strays[0] ? ` It changed \`${strays[0].path}\` instead.` : ''}`,
    );
  const out = kept.find(({ path, after }) => after && leadsOut(path, links.get(path) ?? ''));
  if (out)
    throw new Failure(
      'OutputInvalid',
      `${label} made \`${out.path}\` a link that leads out of its workspace (to \`${links.get(out.path)!.slice(0, 100)}\`). Have it stay inside, up first and then down.`,
    );
  const leaks = await space.secretIn(kept);
  if (leaks)
    throw new Failure(
      'OutputInvalid',
      `${label} left the value of the secret ${leaks.secret} in \`${leaks.path}\`, and nothing of what it wrote is kept. Have it leave that out; what is no secret, \`plainEnv\` of the worker's policy lists.`,
    );
  return storeFiles(unit.effects, depot!, kept, strays);
}
