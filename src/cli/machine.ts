import { fileURLToPath } from 'node:url';
import { type Config, readConfig } from '../config.js';
import { bringUp } from '../temporal/bringUp.js';
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
 */
export async function bringUpHere(screen: Screen, options: BringUpWishes = {}): Promise<void> {
  const config = configFor(options);
  if (config.service) return;
  const onProgress = (line: string) => screen.progress(({ paint }) => [paint.dim(line)]);
  await bringUp(config, { entry: ENTRY, onProgress, anySettings: options.anySettings ?? false });
}

export const nothingRuns = (home: string): string =>
  `No Temporal server runs for ${home}. Runs that are open there go on as soon as it does: \`muster watch RUN\` starts it, and so does \`muster dev\`.`;
