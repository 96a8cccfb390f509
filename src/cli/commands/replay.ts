import { existsSync } from 'node:fs';
import type { DataConverter } from '@temporalio/common';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { readText } from '../../adapters/readText.js';
import { Failure } from '../../core/outcome/failure.js';
import { dataConverterOf } from '../../temporal/payloadCodec.js';
import { workflows } from '../../workerOn.js';
import type { Context } from '../context.js';
import { EXIT } from '../exit.js';
import { configFor } from '../machine.js';
import { type Divergence, reasonIn, replayView } from '../views/replay.js';

/** A recorded history, as far as it is looked at here. */
interface Recorded {
  readonly events: readonly object[];
}

/** `muster replay`: a recorded history against today's code, told by its first event that diverges. */
export async function replay(given: string, context: Context): Promise<number> {
  const { screen } = context;
  const { id, history } = existsSync(given) ? fromFile(given) : await fromService(given, context);
  const { length } = history.events;
  const divergence = await diverges(history, id, dataConverterOf(configFor().payloadKeys));
  screen.object({ replayed: id, events: length, ...(divergence ? { divergence } : {}) });
  screen.answer((look) => replayView(id, length, divergence, look));
  return divergence ? EXIT.failed : 0;
}

/**
 * The first event with which the recorded history cannot go on, by bisection: whoever can replay a beginning of it can
 * replay every shorter one. Temporal's own message names an event only sometimes.
 */
async function diverges(
  history: Recorded,
  id: string,
  dataConverter: DataConverter,
): Promise<Divergence | undefined> {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => {}),
    telemetryOptions: { logging: { filter: 'OFF', console: {} } },
  });
  const code = { ...workflows(), dataConverter };
  const fails = async (n: number): Promise<Error | undefined> => {
    try {
      await Worker.runReplayHistory(code, { ...history, events: history.events.slice(0, n) }, id);
      return undefined;
    } catch (error) {
      return error as Error;
    }
  };
  let failure = await fails(history.events.length);
  if (!failure) return undefined;
  if (!(failure instanceof DeterminismViolationError)) return { message: failure.message };
  let fine = 0;
  let event = history.events.length;
  while (event - fine > 1) {
    const middle = Math.floor((fine + event) / 2);
    // Before its first workflow task, the third event, no code has run.
    const failed = middle < 3 ? undefined : await fails(middle);
    if (failed) [event, failure] = [middle, failed];
    else fine = middle;
  }
  return { event, type: typeOf(history.events[event - 1]), message: reasonIn(failure.message) };
}

/** By the one set of attributes that an event has: a history in JSON has names for its types, one from the service numbers. */
function typeOf(event: object | undefined): string {
  const [attributes = ''] =
    Object.entries(event ?? {}).find(([key, value]) => key.endsWith('EventAttributes') && value) ?? [];
  return attributes.replace('EventAttributes', '');
}

function fromFile(path: string): { id: string; history: Recorded } {
  const text = readText(path, 'history');
  try {
    const history = JSON.parse(text) as Recorded;
    if (Array.isArray(history?.events)) return { id: idIn(history) ?? path, history };
  } catch {
    // said below
  }
  throw new Failure(
    'InvalidInput',
    `${path} is no recorded history: JSON with \`events\`, as \`temporal workflow show --output json\` writes it.`,
  );
}

/** What a run begins is called by its own id. */
const idIn = ({ events: [first] }: Recorded): string | undefined =>
  (first as Started | undefined)?.workflowExecutionStartedEventAttributes?.workflowId;
interface Started {
  readonly workflowExecutionStartedEventAttributes?: { readonly workflowId?: string };
}

async function fromService(
  given: string,
  { bringUp, open }: Context,
): Promise<{ id: string; history: Recorded }> {
  const [, session] = await Promise.all([bringUp({ to: 'carry on' }), open()]);
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
