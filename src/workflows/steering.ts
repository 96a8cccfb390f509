import { ApplicationFailure, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import {
  type Addressed,
  type Answering,
  type Limit,
  NOT_NOW,
  type Steered,
  UPDATES,
} from '../contracts/messages.js';
import { bare } from '../core/graph/node.js';
import { MAX_CONCURRENCY } from '../core/graph/units.js';
import { type Answer, bytesOf, MAX_BY, MAX_NOTE } from '../core/outcome/gate.js';
import { objection } from '../core/schedule/questions.js';
import type { Event, State } from '../core/schedule/state.js';
import type { View } from './view.js';

/** What people may ask of a run that goes on; who asks before it has begun is answered once it has. */
export function steer(view: View): void {
  on<void>(
    'pause',
    () => ({ kind: 'pause' }),
    () => true,
  );
  on<void>(
    'resume',
    () => ({ kind: 'resume' }),
    () => true,
  );
  on<Limit>(
    'concurrency',
    ({ limit }) => ({ kind: 'concurrency', limit }),
    (asked) => isCount(asked?.limit) && asked.limit >= 1 && asked.limit <= MAX_CONCURRENCY,
  );
  on<Addressed>('skip', (node) => ({ kind: 'skip', ...bare(node) }), isAddress);
  on<Addressed>('retry', (node) => ({ kind: 'retry', ...bare(node) }), isAddress);
  for (const [name, verdict] of [['approve', 'approved'] as const, ['reject', 'rejected'] as const]) {
    const answer = ({ digest, by, note }: Answering): Answer => ({
      ...{ verdict, digest },
      ...(by !== undefined && { by }),
      ...(note !== undefined && { note }),
    });
    on<Answering>(
      name,
      (asked) => ({ kind: 'answer', ...bare(asked), answer: answer(asked) }),
      (asked) => isAddress(asked) && isAnswer(asked),
      (asked, state) => objection(state, asked, answer(asked)),
    );
  }

  /** @param against why it is refused as things stand */
  function on<A>(
    name: Steering,
    eventOf: (asked: A) => Event,
    isSound: (asked: A) => boolean,
    against: (asked: A, state: State) => string | undefined = () => undefined,
  ) {
    const object = (asked: A): void => {
      const why = view.dispatch && against(asked, view.dispatch.state());
      if (why !== undefined) throw refuse(why);
    };
    const handle = async (asked: A): Promise<Steered> => {
      await condition(() => view.dispatch !== undefined);
      const { state, give } = view.dispatch!;
      stillHere();
      object(asked);
      const before = said(state());
      await give(eventOf(asked));
      return { changed: said(state()) !== before };
    };
    const validator = (asked: A): void => {
      if (!isSound(asked)) throw refuse(WANTED[name]);
      stillHere();
      object(asked);
    };
    setHandler(defineUpdate<Steered, [A]>(UPDATES[name]), handle, { validator });
  }

  /** Whoever asks while the run goes over to its next history is to ask that one. */
  function stillHere(): void {
    const closed = view.dispatch?.closed();
    if (closed === 'continue') throw ApplicationFailure.nonRetryable(BETWEEN, NOT_NOW);
    if (closed) throw refuse(INTEGRATING);
  }

  function isAddress(asked?: Addressed): boolean {
    const { u, k = 0 } = asked ?? {};
    return isCount(u) && isCount(k) && (view.graph === undefined || u < view.graph.units.length);
  }
}

const refuse = (why: string) => ApplicationFailure.nonRetryable(why, 'InvalidInput');
const INTEGRATING =
  'It is being integrated, and nothing is to be done now. If that sends something back to briefs, ask once more then.';
const BETWEEN = 'The run is just going on in a history of its own. Ask once more.';

const ADDRESS =
  'It takes `u`, the place of a brief in the plan, and `k`, of an instance in its fan-out: from 0.';
const ANSWER = `${ADDRESS} And \`digest\`, of exactly what was shown; \`by\`, of at most ${MAX_BY} bytes, and \`note\`, of at most ${MAX_NOTE}, where there is something to say.`;
type Steering = Exclude<keyof typeof UPDATES, 'patch'>;
const WANTED: { readonly [Name in Steering]: string } = {
  pause: '',
  resume: '',
  concurrency: `It takes \`limit\`, a whole number from 1 to ${MAX_CONCURRENCY}.`,
  skip: ADDRESS,
  retry: ADDRESS,
  approve: ANSWER,
  reject: ANSWER,
};

function isAnswer({ digest, by, note }: Answering): boolean {
  const fits = (text: unknown, bytes: number) =>
    text === undefined || (typeof text === 'string' && bytesOf(text) <= bytes);
  return /^[0-9a-f]{64}$/.test(digest) && fits(by, MAX_BY) && fits(note, MAX_NOTE);
}

const isCount = (n: unknown): n is number => Number.isInteger(n) && (n as number) >= 0;
/** All that people may change. */
const said = ({ paused, concurrency, byHand, again, asked }: State): string =>
  JSON.stringify([
    paused,
    concurrency,
    byHand,
    again,
    Object.values(asked ?? {}).map(({ answer }) => answer),
  ]);
