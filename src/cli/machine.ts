import { fileURLToPath } from 'node:url';
import { type Config, readConfig } from '../config.js';
import { Failure } from '../core/outcome/failure.js';
import { bringUp } from '../temporal/bringUp.js';
import { livingSupervisor, readRecord } from '../temporal/record.js';
import type { BringUpWishes, SessionOptions } from './context.js';
import type { Screen } from './screen.js';

/** What is started, detached, to supervise: this very program. */
export const ENTRY = fileURLToPath(new URL('./main.js', import.meta.url));

/** @throws Failure InvalidInput where the settings will not do */
export const configFor = ({ functions }: SessionOptions = {}): Config =>
  readConfig(undefined, functions === undefined ? {} : { MUSTER_FUNCTIONS: functions });

/**
 * Server and worker of this machine, brought up where they are missing, with what is happening as progress. A service of
 * the user's own has workers of its own: nothing is started beside it.
 * @throws Failure InvalidInput, Unreachable
 */
export async function bringUpHere(
  screen: Screen,
  { to = 'start', ...options }: BringUpWishes = {},
): Promise<void> {
  const own = configFor(options);
  if (own.service) return;
  const config = to === 'start' ? own : asBefore(own, to === 'carry on');
  const onProgress = (line: string) => screen.progress(({ paint }) => [paint.dim(line)]);
  await bringUp(config, { entry: ENTRY, onProgress, anySettings: to !== 'start' });
}

/** This command's settings, and where it has none those of the last supervisor: open runs were started under them. */
function asBefore(own: Config, needsKey: boolean): Config {
  const last = readRecord(own.home);
  if (!last || livingSupervisor(own.home)) return own;
  const { functions, policy, modelBaseURL, modelKey } = last.settings;
  if (needsKey && modelKey && !own.model.apiKey)
    throw new Failure(
      'InvalidInput',
      'Open runs here were started with a model key, and without one briefs that ask a model would fail. Set OPENAI_API_KEY and run this again.',
    );
  return readConfig(own.environment.reveal(), {
    ...(functions && !own.functions && { MUSTER_FUNCTIONS: functions }),
    ...(policy && !own.policy && { MUSTER_POLICY: policy }),
    ...(modelBaseURL && !own.model.baseURL && { OPENAI_BASE_URL: modelBaseURL }),
  });
}

export const nothingRuns = (home: string): string =>
  `No Temporal server runs for ${home}. Runs that are open there go on as soon as it does: \`muster watch RUN\` starts it, and so does \`muster dev\`.`;
