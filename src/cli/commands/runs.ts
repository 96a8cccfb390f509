import { resolve } from 'node:path';
import type { Muster, RunReport } from '../../client.js';
import { Failure } from '../../core/outcome/failure.js';
import { Unreachable } from '../../temporal/unreachable.js';
import { applyCommand } from '../applying.js';
import { type Context, withSession } from '../context.js';
import { EXIT, exitOf } from '../exit.js';
import { type FinishOptions, finish, present } from '../finish.js';
import { follow } from '../follow.js';
import { writeNew } from '../newFile.js';
import type { Screen } from '../screen.js';
import { listView } from '../views/list.js';
import { liveView } from '../views/live.js';
import { integrate } from './integrate.js';

/*
 * Commands about runs that were started before. `list`, `status` and `result` start nothing; `watch` and `cancel`
 * bring up what the run needs to go on.
 */

/** @param parts runs that are within others as well */
export const list = (context: Context, parts = false): Promise<number> =>
  withSession(context, async ({ muster }) => {
    const { screen, now } = context;
    const entries = (await muster.list()).filter(({ partOf }) => parts || !partOf);
    screen.object({ runs: entries });
    screen.answer((look) => listView(entries, now(), look));
    return 0;
  });

/** Without an id, of the newest run. */
export const status = (given: string | undefined, context: Context): Promise<number> =>
  withSession(context, async ({ muster }) => {
    const { screen, now } = context;
    const id = given ?? (await muster.list()).find(({ partOf }) => !partOf)?.id;
    if (id === undefined)
      throw new Failure('InvalidInput', 'There is no run yet. Start one: muster run PLAN');
    const view = await muster.status(id);
    if (!view) throw unknown(id);
    screen.object(view);
    const silentMs = view.answered ? 0 : Number.POSITIVE_INFINITY;
    const hint = view.endedAt === undefined ? '' : `muster result ${view.id}`;

    screen.answer((look) => liveView({ view, now: now(), silentMs, hint }, { ...look, height: EVERYTHING }));
    return exitOf(view.phase);
  });

const EVERYTHING = 10_000;

export const watch = (given: string, options: FinishOptions, context: Context): Promise<number> =>
  withSession(context, async (session) => {
    const { muster } = session;
    const { screen } = context;
    if (!(await muster.result(given))) await context.bringUp({ to: 'carry on' });
    const view = await muster.status(given);
    if (!view) throw unknown(given);
    const last =
      view.endedAt === undefined ? await follow(view.id, { ...context, muster, cancellable: false }) : view;
    if (last) return finish(last, session, options, screen);
    screen.object({ run: view.id, status: 'running' });
    screen.event({ event: 'detached', run: view.id });
    return EXIT.detached;
  });

export interface ResultOptions extends FinishOptions {
  readonly salvage?: boolean;
  /** Folder, new or empty, for the merged tree. */
  readonly files?: string;
  /** File with other rules, to integrate by once more. */
  readonly integrate?: string;
  /** File, new, for the way from what workspaces began with to the merged tree. */
  readonly patch?: string;
}

export const result = (
  given: string,
  { salvage, integrate: rules, files, patch, ...options }: ResultOptions,
  context: Context,
): Promise<number> =>
  withSession(context, async (session) => {
    const { muster } = session;
    const { screen } = context;
    if (files !== undefined) {
      await muster.files(given, resolve(files));
      screen.object({ run: given, files: resolve(files) });
      screen.answer(() => [`The files of ${given} are in ${files}.`]);
      return 0;
    }
    if (patch !== undefined) {
      writeNew(patch, await muster.filesPatch(given));
      screen.object({ run: given, patch: resolve(patch) });
      const apply = applyCommand(await muster.planOf(given), patch);
      screen.answer(() => [`What ${given} changed is in ${patch}: ${apply}`]);
      return 0;
    }
    const made = salvage && !(await muster.result(given)) ? await salvaged(muster, given, screen) : undefined;
    if (rules !== undefined) return integrate(made ?? given, rules, session, options, screen);
    if (made) return present(made, session, options, screen);
    const view = await muster.status(given);
    if (!view) throw unknown(given);
    return finish(view, session, options, screen);
  });

/** A run that is known to go on is not salvaged: it gives a report of its own. */
async function salvaged(muster: Muster, id: string, screen: Screen): Promise<RunReport> {
  try {
    const view = await muster.status(id);
    if (view && view.endedAt === undefined)
      throw new Failure(
        'InvalidInput',
        `${id} is still ${view.phase}. Let it end (muster watch ${id}) or cancel it (muster cancel ${id}): both give a report.`,
      );
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    screen.progress(() => [
      'Temporal does not answer, so nobody knows whether this run would go on: this is what it has left by now.',
    ]);
  }
  return muster.salvage(id);
}

export const cancel = (given: string, context: Context): Promise<number> =>
  withSession(context, async (session) => {
    const { muster } = session;
    const { screen } = context;
    const closed = await muster.result(given);
    if (!closed) await context.bringUp({ to: 'carry on' });
    const asked = !closed && (await muster.cancel(given));
    const view = await muster.status(given);
    if (!view) throw unknown(given);
    screen.object({ run: view.id, cancelling: asked });
    screen.answer(() => [
      asked
        ? `${view.name} ${view.id} is being cancelled; its report follows.   muster watch ${view.id}`
        : `${view.name} ${view.id} has ended already: ${view.phase}.   muster result ${view.id}`,
    ]);
    return 0;
  });

const unknown = (id: string): Failure =>
  new Failure('InvalidInput', `No run is called ${id}. See which there are: muster list`);
