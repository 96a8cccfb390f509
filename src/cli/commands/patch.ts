import type { PatchResult } from '../../client.js';
import { Failure } from '../../core/outcome/failure.js';
import { checked } from '../checked.js';
import { type Context, withSession } from '../context.js';
import { EXIT } from '../exit.js';
import { type PlanOptions, planSource } from '../planFile.js';
import { patchView, refusalOf } from '../views/patch.js';
import { mentionWarnings } from './run.js';

export interface PatchCommandOptions extends PlanOptions {
  /** Only what it would change is told. */
  readonly dryRun?: boolean;
}

/**
 * `muster patch`: an open run goes on by its plan as it is written now, or all stays as it was.
 * @param file the plan; the file that the run began with unless told
 * @returns the exit code
 */
export async function patch(
  run: string,
  file: string | undefined,
  { dryRun = false, ...options }: PatchCommandOptions,
  context: Context,
): Promise<number> {
  return withSession(context, async ({ muster }) => {
    const old = await muster.planOf(run);
    const path = file ?? old.source?.file;
    if (path === undefined)
      throw new Failure(
        'InvalidInput',
        `The plan of ${run} was no file. Name the one it is to go by: muster patch ${run} FILE`,
      );
    // Its relative paths are those of the plan that the run began with.
    const { folder: _, params, ...read } = planSource(path, options);
    const edited = {
      ...{ ...read, params: { ...old.params, ...params } },
      ...(old.folder !== undefined && { folder: old.folder }),
    };
    const compiled = await checked(context, edited, 'patched');
    if (!compiled) return EXIT.invalidInput;
    mentionWarnings(compiled, path, context.screen);
    await context.bringUp({ to: 'carry on' });
    const told: PatchResult = await muster.patch(run, compiled, { dryRun });
    const refused = told.begun.length > 0;
    context.screen.object({
      ...{ run, dryRun, ...told },
      ...(refused && { error: { type: 'InvalidInput', message: refusalOf(run, told.begun) } }),
    });
    context.screen.answer((look) => patchView(run, told, { dryRun }, look));
    return refused ? EXIT.invalidInput : 0;
  });
}
