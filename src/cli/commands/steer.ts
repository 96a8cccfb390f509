import type { Muster } from '../../client.js';
import { type Context, withSession } from '../context.js';

/*
 * Commands that steer a run which goes on. Each brings up what the run needs to go on, for it is the run that answers.
 */

interface Steering {
  /** What standard output is with --json. */
  readonly said: object;
  readonly ask: (muster: Muster) => Promise<boolean>;
  /** Told where something was changed, and where there was nothing to do. */
  readonly done: string;
  readonly nothing: string;
}

/** @returns the exit code */
function steer({ said, ask, done, nothing }: Steering, context: Context): Promise<number> {
  return withSession(context, async ({ muster }) => {
    await context.bringUp({ to: 'carry on' });
    const changed = await ask(muster);
    context.screen.object({ ...said, changed });
    context.screen.answer(() => [changed ? done : nothing]);
    return 0;
  });
}

export const pause = (run: string, context: Context): Promise<number> =>
  steer(
    {
      said: { run, paused: true },
      ask: (muster) => muster.pause(run),
      done: `${run} is paused: what runs goes on, nothing new starts until \`muster resume ${run}\`.`,
      nothing: `${run} is paused already.`,
    },
    context,
  );

export const resume = (run: string, context: Context): Promise<number> =>
  steer(
    {
      said: { run, paused: false },
      ask: (muster) => muster.resume(run),
      done: `${run} goes on.   muster watch ${run}`,
      nothing: `${run} is not paused.`,
    },
    context,
  );

export const concurrency = (run: string, limit: number, context: Context): Promise<number> =>
  steer(
    {
      said: { run, concurrency: limit },
      ask: (muster) => muster.setConcurrency(run, limit),
      done: `${run} has up to ${limit} briefs at once from now on; what runs goes on.`,
      nothing: `${run} has up to ${limit} briefs at once already.`,
    },
    context,
  );

export const skip = (run: string, brief: string, context: Context): Promise<number> =>
  steer(
    {
      said: { run, brief, skipped: true },
      ask: (muster) => muster.skip(run, brief),
      done: `${brief} of ${run} is left out; the report will say so.`,
      nothing: `${brief} of ${run} has ended already.`,
    },
    context,
  );

export const retry = (run: string, brief: string, context: Context): Promise<number> =>
  steer(
    {
      said: { run, brief, again: true },
      ask: (muster) => muster.retry(run, brief),
      done: `${brief} of ${run} is done once more, and so is what never began because of it.`,
      nothing: `${brief} of ${run} has not ended, or delivered. A result that is bad is marked so: muster mark ${run} ${brief} bad`,
    },
    context,
  );
