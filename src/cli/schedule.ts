import type { Command } from 'commander';
import { Option } from 'commander';
import { PERIODS } from '../core/budget/periods.js';
import { OVERLAPS } from '../temporal/overlap.js';
import type { Change, ScheduleOptions } from './commands/schedule.js';
import type { Context } from './context.js';
import { duration, positive, repeated, upTo } from './options.js';
import type { Wishes } from './screen.js';

/** What a command is made with; see program.ts. */
export interface Words {
  readonly command: (words: string, says: string, parent?: Command) => Command;
  readonly forMachines: (to: Command) => Command;
  readonly planned: (to: Command) => Command;
  readonly perform: (wishes: Wishes, work: (context: Context) => Promise<number>) => Promise<void>;
}

/** `muster schedule …`: the words of it. */
export function scheduleCommand({ command, forMachines, planned, perform }: Words): void {
  const schedule = command('schedule', 'runs by the clock');
  const commands = () => import('./commands/schedule.js');
  const of = (words: string, says: string) => forMachines(command(words, says, schedule));

  planned(of('create <id> <file>', 'start a plan by the clock; its file is read anew for every run'))
    .option('--cron <expression>', 'minute, hour, day, month, weekday')
    .addOption(new Option('--every <duration>', 'in place of --cron').argParser(duration).conflicts('cron'))
    .option('--timezone <name>', 'IANA name, such as Europe/Berlin; UTC unless told')
    .addOption(
      new Option('--overlap <policy>', 'what becomes of a start while the run before goes on')
        .choices(OVERLAPS)
        .default('skip'),
    )
    .addOption(
      new Option('--catchup <duration>', 'make up for starts missed by less; 10m unless told').argParser(
        duration,
      ),
    )
    .addOption(new Option('--jitter <duration>', 'move starts by a random time').argParser(duration))
    .option(
      '--compute <name=template>',
      'a param worked out from the time scheduled: day={{ scheduled.date }}',
      repeated,
      [],
    )
    .option('--budget-usd <amount>', 'US dollars that models of all its runs may cost', positive)
    .option('--budget-tokens <n>', 'tokens of all its runs', upTo(1_000_000_000_000))
    .addOption(new Option('--budget-per <period>', 'month unless told').choices(PERIODS))
    .option('--functions <module>', 'module whose functions `call` may name')
    .action((id: string, file: string, options: ScheduleOptions & Wishes) =>
      perform(options, async (context) => (await commands()).create(id, file, options, context)),
    );
  of('list', 'schedules of this store').action((options: Wishes) =>
    perform(options, async (context) => (await commands()).list(context)),
  );
  of('show <id>', 'how it stands: what ran, what was skipped or missed, and why')
    .addOption(
      new Option('--since <duration>', 'how far back, as in 30d; about 200 times unless told').argParser(
        duration,
      ),
    )
    .action((id: string, options: { since?: number } & Wishes) =>
      perform(options, async (context) => (await commands()).show(id, options, context)),
    );
  of('trigger <id>', 'start a run now, whatever else goes on').action((id: string, options: Wishes) =>
    perform(options, async (context) => (await commands()).trigger(id, context)),
  );
  const changes: { readonly [C in Change]: string } = {
    pause: 'start nothing until it is resumed',
    resume: 'go on',
    delete: 'start nothing any more; runs that it started go on',
  };
  for (const [what, says] of Object.entries(changes) as [Change, string][]) {
    const one = of(`${what} <id>`, says);
    if (what === 'pause' || what === 'resume') one.option('--note <text>', 'why; shown by `show`');
    one.action((id: string, options: { note?: string } & Wishes) =>
      perform(options, async (context) => (await commands()).change(what, id, options, context)),
    );
  }
}
