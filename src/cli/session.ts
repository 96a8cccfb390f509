import { readPolicy } from '../adapters/executors/policyFile.js';
import { fileStore } from '../adapters/stores/file.js';
import { musterOn } from '../client.js';
import { nothingRuns, runningService } from '../temporal/bringUp.js';
import { type Connected, connect } from '../temporal/connection.js';
import { Unreachable } from '../temporal/unreachable.js';
import type { Session, SessionOptions } from './context.js';
import { configFor } from './machine.js';

/** The composition root of commands that deal with runs. @throws Failure InvalidInput where the settings will not do */
export async function openSession(options: SessionOptions = {}): Promise<Session> {
  const config = configFor(options);
  let connected: Connected | undefined;
  const muster = musterOn({
    store: await fileStore(config.store),
    env: config.environment.reveal(),
    ...(config.policy === undefined ? {} : { policy: readPolicy(config.policy) }),
    async connect() {
      const service = runningService(config);
      if (!service) throw new Unreachable(nothingRuns(config.home));
      connected = await connect(service);
      return connected.client;
    },
  });
  return { home: config.home, muster, close: async () => connected?.connection.close() };
}
