import { existsSync } from 'node:fs';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { Failure } from '../../core/outcome/failure.js';
import { workflows } from '../../worker.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit.js';
import { readText } from '../readText.js';
import { type Divergence, divergenceOf, type Recorded, replayView } from '../views/replay.js';

/** `muster replay`: a recorded history against today's code, told by its first event that diverges. */
export async function replay(given: string, context: Context): Promise<number> {
  const { screen } = context;
  const { id, history } = existsSync(given)
    ? { id: given, history: fromFile(given) }
    : await fromService(given, context);
  const events = history.events ?? [];
  const divergence = await diverges(history, id);
  screen.object({ replayed: id, events: events.length, ...(divergence ? { divergence } : {}) });
  screen.answer((look) => replayView(id, events.length, divergence, look));
  return divergence ? EXIT.failed : 0;
}

async function diverges(history: Recorded, id: string): Promise<Divergence | undefined> {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => {}) });
  try {
    await Worker.runReplayHistory(workflows(), history, id);
    return undefined;
  } catch (error) {
    return divergenceOf(error as Error, history);
  }
}

function fromFile(path: string): Recorded {
  const text = readText(path, 'history');
  try {
    const history = JSON.parse(text) as Recorded;
    if (Array.isArray(history?.events)) return history;
  } catch {
    // said below
  }
  throw new Failure(
    'InvalidInput',
    `${path} is no recorded history: JSON with \`events\`, as \`temporal workflow show --output json\` writes it.`,
  );
}

async function fromService(
  given: string,
  { bringUp, open }: Context,
): Promise<{ id: string; history: Recorded }> {
  const [, session] = await Promise.all([bringUp(), open()]);
  try {
    const { muster } = session;
    const id = (await muster.status(given))?.id ?? given;
    const history = (await muster.history(id)) as Recorded | undefined;
    if (history) return { id, history };
    throw new Failure(
      'InvalidInput',
      `Temporal has no history of ${given}: it was never started here, or has been forgotten. See: muster list`,
    );
  } finally {
    await session.close();
  }
}
