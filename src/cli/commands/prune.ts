import { type Context, withSession } from '../context.js';
import { EXIT } from '../exit.js';
import { pruneView } from '../views/prune.js';

export interface PruneCommandOptions {
  /** ms. */
  readonly olderThan?: number;
  readonly keep?: number;
  readonly run?: readonly string[];
  readonly dryRun?: boolean;
}

/** `muster prune`: removes runs that have ended, and what nothing else refers to. Nothing is started. @returns the exit code */
export async function prune(options: PruneCommandOptions, context: Context): Promise<number> {
  const { screen } = context;
  const { olderThan, keep, run, dryRun } = options;
  return withSession(context, async (session) => {
    const said = {
      ...(olderThan !== undefined && { olderThanMs: olderThan }),
      ...(keep !== undefined && { keep }),
      ...(run && { runs: run }),
    };
    const criteria = Object.keys(said).length > 0 ? said : session.retention;
    if (!criteria) {
      screen.progress(() => NOTHING_SAID);
      screen.object({ error: { type: 'InvalidInput', message: NOTHING_SAID.join('\n') } });
      return EXIT.invalidInput;
    }
    const pruned = await session.muster.prune({
      ...criteria,
      ...(dryRun && { dryRun }),
      onWait: () => screen.progress(() => ['Another prune is at work; waiting for it.']),
    });
    screen.object(pruned);
    screen.answer((look) => pruneView(pruned, look));
    return 0;
  });
}

const NOTHING_SAID = [
  'Say which runs are to go: --older-than 30d, --keep 10 (of each plan), both, or --run RUN.',
  'With MUSTER_RETENTION or MUSTER_KEEP set, those are taken. Add --dry-run to see first.',
];

/** `muster pin` and `muster unpin`. @returns the exit code */
export async function pin(given: string, as: 'pinned' | 'unpinned', context: Context): Promise<number> {
  const { screen } = context;
  return withSession(context, async (session) => {
    const { muster } = session;
    const changed = await (as === 'pinned' ? muster.pin(given) : muster.unpin(given));
    screen.object({ run: given, pinned: as === 'pinned', changed });
    screen.answer(() => [
      as === 'pinned'
        ? `${given} is pinned${changed ? '' : ' already'}: it is kept until \`muster unpin ${given}\`.`
        : `${given} is ${changed ? 'no longer' : 'not'} pinned.`,
    ]);
    return 0;
  });
}
