import { fileURLToPath } from 'node:url';
import { fileStore } from '../adapters/stores/file.js';
import { createMuster } from '../client.js';
import { type Config, readConfig, type Service } from '../config.js';
import { bringUp, runningService } from '../temporal/bringUp.js';
import { type Connected, connect } from '../temporal/connection.js';
import { Unreachable } from '../temporal/unreachable.js';
import type { Session, SessionOptions } from './context.js';
import type { Screen } from './screen.js';

/** What is started, detached, to supervise: this very program. */
export const ENTRY = fileURLToPath(new URL('./main.js', import.meta.url));

export const configFor = ({ functions }: SessionOptions = {}): Config =>
  readConfig(undefined, functions === undefined ? {} : { MUSTER_FUNCTIONS: functions });

/** The composition root of commands that deal with runs. @throws Failure InvalidInput where the settings will not do */
export async function openSession(screen: Screen, options: SessionOptions = {}): Promise<Session> {
  const config = configFor(options);
  let service: Service | undefined;
  let connected: Connected | undefined;
  const muster = createMuster({
    store: await fileStore(config.store),
    async connect() {
      service ??= runningService(config);
      if (!service) throw new Unreachable(nothingRuns(config.home));
      connected = await connect(service);
      return connected.client;
    },
  });
  return {
    home: config.home,
    muster,
    async bringUp() {
      // A service of the user's own has workers of their own; only the embedded one comes with a worker.
      if (config.service) return;
      service = await bringUp(config, {
        entry: ENTRY,
        onProgress: (line) => screen.progress(({ paint }) => [paint.dim(line)]),
      });
    },
    close: async () => connected?.connection.close(),
  };
}

export const nothingRuns = (home: string): string =>
  `No Temporal server runs for ${home}. Runs that are open there go on as soon as it does: \`muster watch RUN\` starts it, and so does \`muster dev\`.`;
