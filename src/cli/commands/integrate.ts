import { readText } from '../../adapters/readText.js';
import type { RunReport } from '../../client.js';
import { refuse } from '../checked.js';
import type { Session } from '../context.js';
import { EXIT } from '../exit.js';
import { type FinishOptions, present } from '../finish.js';
import type { Screen } from '../screen.js';
import { warningsView } from '../views/problems.js';

/**
 * `muster result RUN --integrate FILE`: what the run delivered, integrated by other rules.
 * @param run its id, or what was salvaged of it
 * @returns the exit code
 */
export async function integrate(
  run: string | RunReport,
  file: string,
  session: Session,
  options: FinishOptions,
  screen: Screen,
): Promise<number> {
  const { muster } = session;
  const rules = await muster.checkRules(run, { text: readText(file, 'rules'), path: file });
  if (!rules.ok) {
    refuse(file, rules.problems, 'integrated', screen);
    return EXIT.invalidInput;
  }
  const { warnings } = rules;
  if (warnings.length > 0)
    screen.progress((look) => warningsView(file, warnings, look, screen.wishes.verbose));
  return present(await muster.integrate(run, rules), session, options, screen);
}
