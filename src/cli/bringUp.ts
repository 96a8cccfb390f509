import { type Config, readConfig } from '../config.js';
import { Failure } from '../core/outcome/failure.js';
import { bringUp } from '../temporal/bringUp.js';
import { livingSupervisor, readRecord } from '../temporal/record.js';
import { type Settings, settingsMissed, settingsOf } from '../temporal/settings.js';
import type { BringUpWishes } from './context.js';
import { configFor, ENTRY } from './machine.js';
import type { Screen } from './screen.js';

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
  const config = await forOpenRuns(own, to !== 'start');
  const onProgress = (line: string) => screen.progress(({ paint }) => [paint.dim(line)]);
  await bringUp(config, { entry: ENTRY, onProgress, anySettings: to !== 'start' });
}

/**
 * Settings under which the open runs of this home can go on. To carry on, those of the last supervisor fill in for what
 * this command does not say; to start another run, this command's own have to do for the open ones too.
 * @throws Failure InvalidInput where a new worker would lack what they were started with
 */
export async function forOpenRuns(own: Config, carryOn: boolean): Promise<Config> {
  const last = readRecord(own.home);
  const state = livingSupervisor(own.home)?.state;
  if (!last || state === 'starting' || state === 'ready') return own;
  const config = carryOn ? inherited(own, last.settings) : own;
  const missed = settingsMissed(last.settings, settingsOf(config));
  if (missed.length === 0 || !(carryOn || (await anyOpen()))) return config;
  throw new Failure(
    'InvalidInput',
    [
      `Runs of ${own.home} were started with settings that this command lacks, and would fail without them:`,
      ...missed.map((line) => `  ${line}`),
      'Give it the same, or end those runs first (muster list), or use a MUSTER_HOME of its own.',
    ].join('\n'),
  );
}

function inherited(own: Config, { functions, policy, modelBaseURL, modelKey }: Settings): Config {
  try {
    return readConfig(own.environment.reveal(), {
      ...(functions && !own.functions && { MUSTER_FUNCTIONS: functions }),
      ...(policy && !own.policy && { MUSTER_POLICY: policy }),
      // A key goes nowhere but where its owner sends it.
      ...(modelBaseURL &&
        !own.model.baseURL && {
          OPENAI_BASE_URL: modelBaseURL,
          ...(!modelKey && { OPENAI_API_KEY: '' }),
        }),
    });
  } catch (error) {
    throw new Failure(
      'InvalidInput',
      `Open runs of ${own.home} were started with settings that are no more to be had. ${(error as Error).message}\nPut back what is gone, or set another one.`,
    );
  }
}

async function anyOpen(): Promise<boolean> {
  const { openSession } = await import('./session.js');
  return (await (await openSession()).muster.list()).some(({ closed }) => !closed);
}
