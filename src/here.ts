import { fileURLToPath } from 'node:url';
import { fileStore } from './adapters/stores/file.js';
import { type Config, readConfig } from './config.js';
import { Failure } from './core/outcome/failure.js';
import { listRuns } from './engine/runIndex.js';
import { isPaused, standing } from './engine/scheduleLog.js';
import { bringUp } from './temporal/bringUp.js';
import { livingSupervisor, readRecord } from './temporal/record.js';
import { type Settings, settingsMissed, settingsOf } from './temporal/settings.js';

/** What is started, detached, to supervise: the command line. */
export const ENTRY = fileURLToPath(new URL('./cli/main.js', import.meta.url));

export interface HereOptions {
  /** Only to start a run must a living supervisor have this program's settings. */
  readonly to?: 'start' | 'carry on';
  /** Gets a line a person can read while something is installed or started. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Server and worker of this machine, brought up where they are missing. A service of the user's own has workers of its
 * own: nothing is started beside it.
 * @throws Failure InvalidInput, Unreachable
 */
export async function bringUpHere(
  own: Config,
  { to = 'start', ...options }: HereOptions = {},
): Promise<void> {
  if (own.service) return;
  const config = await forOpenRuns(own, to === 'carry on');
  await bringUp(config, { entry: ENTRY, anySettings: to === 'carry on', ...options });
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
  if (missed.length === 0 || !(carryOn || (await anyOpen(own)) || (await schedulesOf(own)).length > 0))
    return config;
  throw new Failure(
    'InvalidInput',
    [
      `Runs or schedules of ${own.home} were started with settings that this command lacks, and would fail without them:`,
      ...missed.map((line) => `  ${line}`),
      'Give it the same, or end those first (muster list, muster schedule list), or use a MUSTER_HOME of its own.',
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

/** Whether a schedule is to start something here by itself. */
export const expected = async (config: Config): Promise<boolean> =>
  (await schedulesOf(config)).some((entries) => !isPaused(entries));

/** A paused one may be resumed by a command that knows nothing of the settings it needs. */
const schedulesOf = async ({ store }: Config) => [...(await standing(await fileStore(store))).values()];

const anyOpen = async ({ store }: Config): Promise<boolean> =>
  (await listRuns(await fileStore(store))).some(({ closed }) => !closed);
