import type { Sound } from '../../client.js';
import { checked } from '../checked.js';
import { type Context, type Session, withSession } from '../context.js';
import { EXIT } from '../exit.js';
import { planSource } from '../planFile.js';
import { attend, mentionWarnings, type RunOptions, withConcurrency } from './run.js';

export interface RerunOptions extends RunOptions {
  /** The very plan of the run, files and params as they were then: only what delivered nothing is carried out. */
  readonly failed?: boolean;
  /** A plan file in place of the run's own. */
  readonly plan?: string;
}

/**
 * `muster rerun`: a new run that uses again what the old one delivered, wherever nothing it was made from has changed.
 * @returns the exit code
 */
export async function rerun(given: string, options: RerunOptions, context: Context): Promise<number> {
  const { functions, id } = options;
  return withSession(
    context,
    async (session) => {
      const old = await session.muster.planOf(given);
      const plan = await planFor(old, options, context);
      if (plan === 'refused') return EXIT.invalidInput;
      await context.bringUp({ functions });
      const started = await session.muster.rerun(given, {
        ...(plan && { plan }),
        ...(id !== undefined && { id }),
      });
      const name = (plan?.plan ?? old).name;
      return await attend({ id: started.id, name, session }, options, context);
    },
    { functions },
  );
}

/** The plan file as it is now, with the params of then and what is said now above them; undefined: the plan as it was. */
async function planFor(
  { source, folder }: Awaited<ReturnType<Session['muster']['planOf']>>,
  options: RerunOptions,
  context: Context,
): Promise<Sound | 'refused' | undefined> {
  const file = options.plan ?? source?.file;
  if (options.failed || file === undefined) return undefined;
  // A patch may have come from elsewhere: its paths are still those of the plan that it patched.
  const now = { ...planSource(file, options), ...(!options.plan && folder !== undefined && { folder }) };
  const compiled = await checked(context, { ...now, params: { ...source?.params, ...now.params } });
  if (!compiled) return 'refused';
  mentionWarnings(compiled, file, context.screen);
  return withConcurrency(compiled, options.concurrency);
}

/** `muster mark`: says of a result that it is bad, and must never be used again, or that it is good after all. */
export async function mark(run: string, brief: string, as: string, context: Context): Promise<number> {
  const { screen } = context;
  if (as !== 'bad' && as !== 'good') {
    screen.progress(() => [`A result is marked \`bad\` or \`good\`, not \`${as}\`.`]);
    return EXIT.invalidInput;
  }
  return withSession(context, async (session) => {
    const changed = await session.muster.mark(run, brief, as);
    screen.object({ run, brief, mark: as, changed });
    screen.answer(() => [
      changed ? `${brief} of ${run} is marked ${as}.` : `${brief} of ${run} was marked ${as} already.`,
    ]);
    return 0;
  });
}
