import { Argument, Command, Option } from 'commander';
import { checkOn } from '../client/check.js';
import { searchPath } from '../config.js';
import { MAX_CONCURRENCY } from '../core/graph/units.js';
import { VERSION } from '../version.js';
import type { DraftCommandOptions } from './commands/draft.js';
import type { PlanCommandOptions } from './commands/plan.js';
import type { PruneCommandOptions } from './commands/prune.js';
import type { RerunOptions } from './commands/rerun.js';
import type { RunOptions, StartOptions } from './commands/run.js';
import type { ResultOptions } from './commands/runs.js';
import { PUBLISHED } from './commands/schema.js';
import type { WorkerCommandOptions } from './commands/worker.js';
import { confirmHere } from './confirm.js';
import type { Context } from './context.js';
import type { FinishOptions } from './finish.js';
import { FORMATS } from './formats.js';
import { onSigint } from './interrupts.js';
import { duration, positive, repeated, upTo } from './options.js';
import { SCAFFOLDS, type Scaffold } from './scaffolds.js';
import { scheduleCommand } from './schedule.js';
import { createScreen, type Wishes } from './screen.js';
import { steeringCommands } from './steering.js';
import { wordsFor } from './wordsFor.js';

/*
 * The words of the command line. Commands are loaded when they are called: `plan` and `schema` need nothing of Temporal,
 * which takes its time to load.
 */

/** @returns the exit code */
export async function program(argv: readonly string[]): Promise<number> {
  let exit = 0;
  /** Carries a command out; the one catch. */
  const perform = async (wishes: Wishes, work: (context: Context) => Promise<number>): Promise<void> => {
    const screen = createScreen(wishes);
    const confirm = confirmHere();
    try {
      exit = await work({
        screen,
        now: Date.now,
        onInterrupt: onSigint,
        ...(confirm && { confirm }),
        check: checkOn(searchPath()),
        bringUp: async ({ to, functions } = {}) => {
          const [{ bringUpHere }, { configFor }] = await Promise.all([
            import('../here.js'),
            import('./machine.js'),
          ]);
          const onProgress = (line: string) => screen.progress(({ paint }) => [paint.dim(line)]);
          // Who brings a service up will talk to it: what that takes is loaded meanwhile.
          await Promise.all([
            bringUpHere(configFor({ functions }), { ...(to && { to }), onProgress }),
            import('../temporal/connection.js'),
          ]);
        },
        open: async (options) => (await import('./session.js')).openSession(options),
      });
    } catch (error) {
      const words = await wordsFor(error);
      exit = words.exit;
      screen.progress(({ paint }) => words.lines.map((line, i) => (i === 0 ? paint.red(line) : line)));
      screen.object({ error: { type: words.type, message: words.lines.join('\n') } });
    }
  };

  const muster = new Command('muster')
    .description(
      'Dispatches many briefs in parallel, durably, and gives back one answer checked against the question.',
    )
    .version(VERSION)
    .helpCommand(false)
    .configureHelp({
      subcommandTerm: (one) =>
        [
          one.name(),
          ...one.registeredArguments.map((argument) =>
            argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
          ),
        ].join(' '),
    })
    .showHelpAfterError('See: muster --help')
    .addHelpText('after', EXIT_CODES)
    .exitOverride();
  const command = (words: string, says: string, parent = muster) =>
    parent.command(words).description(says).option('-v, --verbose', 'say everything');
  const forMachines = (to: Command) => to.option('--json', 'one JSON object is all of standard output');
  const withEvents = (to: Command) =>
    forMachines(to).addOption(
      new Option('--events', 'standard output is NDJSON of what changes').conflicts('json'),
    );
  const planned = (to: Command) =>
    to
      .option('--param <name=value>', 'a param of the plan; repeated for a list', repeated, [])
      .option('--params <file>', 'params from a YAML or JSON file');
  const startable = (to: Command) =>
    planned(to)
      .option('--id <id>', 'id of the run, instead of a random one')
      .option('--concurrency <n>', 'briefs at once, instead of what the plan says', upTo(MAX_CONCURRENCY))
      .option('--functions <module>', 'module whose functions `call` may name');
  const reporting = (to: Command) =>
    to.option('--out <folder>', 'where report.html, report.md and report.json go');

  forMachines(planned(command('plan <file>', 'check and explain a plan; nothing is started')))
    .option('--pairs', 'say of every two briefs whether they may run side by side')
    .option('--pair <briefs...>', 'say it of two briefs, with the evidence')
    .option('--simulate', 'what the dispatcher would do, in virtual time, by the estimates of the plan')
    .option('--concurrency <n>', 'briefs at once, instead of what the plan says', upTo(MAX_CONCURRENCY))
    .option('--speed <positive>', 'with --simulate: as if every brief were so many times faster', positive)
    .option('--picture <file>', 'with --simulate: write the schedule as SVG into a new file')
    .action((file: string, options: PlanCommandOptions & Wishes) =>
      perform(options, async (context) => (await import('./commands/plan.js')).plan(file, options, context)),
    );
  withEvents(reporting(startable(command('run <file>', 'start a plan and follow it to its report'))))
    .option('--detach', 'start it, and leave it to itself')
    .action((file: string, options: RunOptions & Wishes) =>
      perform(options, async (context) => (await import('./commands/run.js')).run(file, options, context)),
    );
  forMachines(startable(command('start <file>', "start a plan and print the run's id"))).action(
    (file: string, options: StartOptions & Wishes) =>
      perform(options, async (context) => (await import('./commands/run.js')).start(file, options, context)),
  );
  withEvents(reporting(startable(command('rerun <run>', 'start it anew, and use again what it delivered'))))
    .addOption(new Option('--failed', 'the plan as it was: only what delivered nothing').conflicts('plan'))
    .option('--plan <file>', "an edited plan, instead of the run's own file")
    .option('--detach', 'start it, and leave it to itself')
    .action((run: string, options: RerunOptions & Wishes) =>
      perform(options, async (context) => (await import('./commands/rerun.js')).rerun(run, options, context)),
    );
  forMachines(
    command('mark <run> <brief> <as>', 'say of a result that it is `bad`, or `good` after all'),
  ).action((run: string, brief: string, as: string, options: Wishes) =>
    perform(options, async (context) => (await import('./commands/rerun.js')).mark(run, brief, as, context)),
  );
  forMachines(command('list', 'runs, newest first'))
    .option('--parts', 'the runs within them as well')
    .action((options: { readonly parts?: boolean } & Wishes) =>
      perform(options, async (context) => (await import('./commands/runs.js')).list(context, options.parts)),
    );
  forMachines(command('status [run]', 'how a run stands, the newest unless named')).action(
    (run: string | undefined, options: Wishes) =>
      perform(options, async (context) => (await import('./commands/runs.js')).status(run, context)),
  );
  withEvents(reporting(command('watch <run>', 'follow a run to its report'))).action(
    (run: string, options: FinishOptions & Wishes) =>
      perform(options, async (context) => (await import('./commands/runs.js')).watch(run, options, context)),
  );
  forMachines(reporting(command('result <run>', 'the report of a run')))
    .option('--markdown', 'standard output is report.md')
    .addOption(
      new Option('--format <format>', 'what standard output is').choices(FORMATS).conflicts(OTHER_OUTPUT),
    )
    .addOption(wantsCsv('--table <name>', 'of the answer as CSV: the collection, where there are several'))
    .addOption(wantsCsv('--from', 'of the answer as CSV: with a column of the briefs that said it'))
    .addOption(
      new Option(
        '--apart <folder>',
        'write the lists of the answer into a new folder, as JSON Lines, also what is too long for the report',
      ).conflicts(['files', 'patch']),
    )
    .option('--salvage', 'make a report of what a run left that could not end')
    .addOption(
      new Option('--integrate <file>', 'integrate once more, by the rules of this file').conflicts([
        'files',
        'patch',
      ]),
    )
    .option('--files <folder>', 'write the merged tree of its workspaces into a new folder, and no report')
    .addOption(
      new Option('--patch <file>', 'write what it changed into a new file, for `git apply`').conflicts(
        'files',
      ),
    )
    .action((run: string, options: ResultOptions & Wishes) =>
      perform(options, async (context) => (await import('./commands/runs.js')).result(run, options, context)),
    );
  forMachines(command('cancel <run>', 'stop a run; it still gives its report')).action(
    (run: string, options: Wishes) =>
      perform(options, async (context) => (await import('./commands/runs.js')).cancel(run, context)),
  );
  forMachines(command('draft <question>', 'have a model write a plan for a question; nothing is started'))
    .option('--files <patterns...>', 'files that the plan may read')
    .option('--out <file>', 'write it to a new file')
    .option('--model <name>', 'which model writes it; gpt-4.1 unless told')
    .option('--rounds <n>', 'how often what is wrong goes back to it; 3 unless told', upTo(20))
    .action((question: string, options: DraftCommandOptions & Wishes) =>
      perform(options, async (context) =>
        (await import('./commands/draft.js')).draft(question, options, context),
      ),
    );
  forMachines(
    command('create', 'the beginning of a role, an executor, a plan or a worker, with tests that pass')
      .addArgument(new Argument('<kind>', 'of what').choices(SCAFFOLDS))
      .argument('<name>', 'lower-case letters, digits and _'),
  )
    .option('--out <folder>', 'new or empty; as it is named unless told')
    .action((kind: Scaffold, name: string, options: { out?: string } & Wishes) =>
      perform(options, async ({ screen }) =>
        (await import('./commands/create.js')).create(kind, name, options, screen),
      ),
    );
  steeringCommands({ command, forMachines, planned, perform });
  forMachines(command('prune', 'remove runs that have ended, and what nothing else refers to'))
    .option('--older-than <duration>', 'that ended longer ago, such as 30d', duration)
    .option('--keep <n>', 'but the newest n of each plan', upTo(1_000_000))
    .addOption(new Option('--run <runs...>', 'these runs').conflicts(['olderThan', 'keep']))
    .option('--dry-run', 'tell what would be removed; nothing is')
    .action((options: PruneCommandOptions & Wishes) =>
      perform(options, async (context) => (await import('./commands/prune.js')).prune(options, context)),
    );
  for (const [word, as, says] of [
    ['pin', 'pinned', 'keep a run, whatever is pruned'],
    ['unpin', 'unpinned', 'let it go like any other'],
  ] as const)
    forMachines(command(`${word} <run>`, says)).action((run: string, options: Wishes) =>
      perform(options, async (context) => (await import('./commands/prune.js')).pin(run, as, context)),
    );
  scheduleCommand({ command, forMachines, planned, perform });
  forMachines(command('replay <run|file>', 'recorded history against this version')).action(
    (given: string, options: Wishes) =>
      perform(options, async (context) => (await import('./commands/replay.js')).replay(given, context)),
  );
  command('worker', 'carry out briefs until ctrl-C')
    .option('--functions <module>', 'module whose functions `call` may name')
    .option('--concurrency <n>', 'briefs at once on this worker', upTo(10_000))
    .action((options: WorkerCommandOptions & Wishes) =>
      perform(options, async ({ screen }) => (await import('./commands/worker.js')).worker(options, screen)),
    );
  forMachines(command('dev', 'server and worker, until nobody needs them'))
    .option('--stop', 'stop them')
    .action((options: { stop?: boolean } & Wishes) =>
      perform(options, async ({ screen }) => (await import('./commands/dev.js')).dev(options, screen)),
    );
  forMachines(command('doctor', 'what is there, what is missing, and what to do')).action((options: Wishes) =>
    perform(options, async ({ screen }) => (await import('./commands/doctor.js')).doctor(screen)),
  );
  command('schema', 'a format as JSON Schema')
    .addArgument(new Argument('[of]', 'whose format').choices(PUBLISHED).default('plan'))
    .action((of: (typeof PUBLISHED)[number], options: Wishes) =>
      perform(options, async ({ screen }) => (await import('./commands/schema.js')).schema(of, screen)),
    );

  try {
    await muster.parseAsync(argv.length > 2 ? argv : [...argv, '--help']);
  } catch (error) {
    // Commander has said it already.
    exit = (await wordsFor(error)).exit;
  }
  return exit;
}

/** What says by itself what standard output is. */
const OTHER_OUTPUT = ['json', 'markdown', 'files', 'patch'];

const wantsCsv = (flags: string, says: string): Option => new Option(flags, says).conflicts(OTHER_OUTPUT);

const EXIT_CODES = `
Exit codes: 0 every requirement covered, no hole · 1 no usable report, or stopped
  2 invalid input · 3 a report with a hole or an unmet requirement · 4 cancelled
  5 Temporal unreachable · 6 left running`;
