import { MAX_CONCURRENCY } from '../core/graph/units.js';
import type { PatchCommandOptions } from './commands/patch.js';
import { gateCommands } from './gates.js';
import { positive, upTo } from './options.js';
import type { Words } from './schedule.js';
import type { Wishes } from './screen.js';

/** The words of commands that say something to a run that goes on. */
export function steeringCommands({ command, forMachines, planned, perform }: Words): void {
  const steering = () => import('./commands/steer.js');
  for (const word of ['pause', 'resume'] as const) {
    const says = { pause: 'start nothing new of a run; what runs goes on', resume: 'let a paused run go on' };
    forMachines(command(`${word} <run>`, says[word])).action((run: string, options: Wishes) =>
      perform(options, async (context) => (await steering())[word](run, context)),
    );
  }
  forMachines(
    command('concurrency <run>', 'raise or lower how many briefs of a run go at once').argument(
      '<n>',
      'briefs at once',
      upTo(MAX_CONCURRENCY),
    ),
  ).action((run: string, n: number, options: Wishes) =>
    perform(options, async (context) => (await steering()).concurrency(run, n, context)),
  );
  forMachines(command('budget <run>', 'what a run has spent; with an amount, what it may spend from now on'))
    .option('--usd <amount>', 'US dollars in all', positive)
    .option('--tokens <n>', 'tokens in all', upTo(1_000_000_000_000))
    .action((run: string, { usd, tokens, ...options }: { usd?: number; tokens?: number } & Wishes) =>
      perform(options, async (context) =>
        (await import('./commands/budget.js')).budget(
          run,
          { ...(usd !== undefined && { usd }), ...(tokens !== undefined && { tokens }) },
          context,
        ),
      ),
    );
  for (const word of ['skip', 'retry'] as const) {
    const says = {
      skip: 'leave a brief out, or one instance: dig[key]',
      retry: 'do once more what ended without what was asked of it',
    };
    forMachines(command(`${word} <run> <brief>`, says[word])).action(
      (run: string, brief: string, options: Wishes) =>
        perform(options, async (context) => (await steering())[word](run, brief, context)),
    );
  }
  gateCommands({ command, forMachines, perform });
  forMachines(planned(command('patch <run> [plan]', 'let a run go on by its plan as it is written now')))
    .option('--dry-run', 'tell what would be changed; nothing is')
    .action((run: string, plan: string | undefined, options: PatchCommandOptions & Wishes) =>
      perform(options, async (context) =>
        (await import('./commands/patch.js')).patch(run, plan, options, context),
      ),
    );
}
