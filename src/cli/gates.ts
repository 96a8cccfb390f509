import type { AnswerOptions } from './commands/gates.js';
import type { Words } from './schedule.js';
import type { Wishes } from './screen.js';

/** The words of commands about gates. */
export function gateCommands({ command, forMachines, perform }: Omit<Words, 'planned'>): void {
  const gating = () => import('./commands/gates.js');
  forMachines(command('gates <run> [gate]', 'what waits for an answer, with all that is shown')).action(
    (run: string, gate: string | undefined, options: Wishes) =>
      perform(options, async (context) => (await gating()).gates(run, gate, context)),
  );
  for (const word of ['approve', 'reject'] as const) {
    const says = { approve: 'let a gate go on, as it is shown', reject: 'stop at a gate, with the reason' };
    forMachines(command(`${word} <run> <gate>`, says[word]))
      .option('--digest <digest>', 'of what was shown; asked for on a terminal where it is not given')
      .option('--by <name>', 'who says so, instead of the name you are logged in with')
      .option('--note <text>', 'what is to be said about it')
      .action((run: string, gate: string, options: AnswerOptions & Wishes) =>
        perform(options, async (context) => (await gating()).answer(word, run, gate, options, context)),
      );
  }
}
