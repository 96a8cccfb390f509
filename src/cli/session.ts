import { createMuster } from '../client.js';
import type { Session, SessionOptions } from './context.js';
import { configFor } from './machine.js';

/** What commands that deal with runs work with; nothing is brought up. @throws Failure InvalidInput where the settings will not do */
export async function openSession(options: SessionOptions = {}): Promise<Session> {
  const { functions } = options;
  const muster = await createMuster({ ...(functions === undefined ? {} : { functions }), bringUp: false });
  const { home, retention } = configFor(options);
  return { home, ...(retention && { retention }), muster, close: () => muster.close() };
}
