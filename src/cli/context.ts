import type { Muster } from '../client.js';
import type { Retention } from '../config.js';
import type { Compiled, Source } from '../core/plan/compile.js';
import type { Confirm } from './confirm.js';
import type { OnInterrupt } from './interrupts.js';
import type { Screen } from './screen.js';

/** What a command works with; tests give their own. */
export interface Context {
  readonly screen: Screen;
  /** ms since the epoch. */
  now(): number;
  readonly onInterrupt: OnInterrupt;
  /** Absent where nobody sits at a terminal. */
  readonly confirm?: Confirm;
  /** Compiles a plan; needs neither store nor service. */
  check(source: Source): Promise<Compiled>;
  /** Makes sure that a server answers and a worker polls. @throws Unreachable, Failure InvalidInput */
  bringUp(options?: BringUpWishes): Promise<void>;
  open(options?: SessionOptions): Promise<Session>;
}

export interface SessionOptions {
  /** Path of the module whose functions `call` may name. */
  readonly functions?: string | undefined;
}

export interface BringUpWishes extends SessionOptions {
  /** Only to start a run must a living supervisor have this command's settings. */
  readonly to?: 'start' | 'carry on';
}

/** A store, and the service where there is one; it connects when that is first needed. */
export interface Session {
  readonly home: string;
  /** Which runs go by themselves. */
  readonly retention?: Retention;
  readonly muster: Muster;
  close(): Promise<void>;
}

/** Does `work` in a session, and closes it whatever comes of that. */
export async function withSession(
  context: Context,
  work: (session: Session) => Promise<number>,
  options?: SessionOptions,
): Promise<number> {
  const session = await context.open(options);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}
