import { ApplicationFailure, condition, defineUpdate, setHandler } from '@temporalio/workflow';
import { type Addressed, type Limit, type Steered, UPDATES } from '../contracts/messages.js';
import { MAX_CONCURRENCY } from '../core/graph/units.js';
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
  on<Addressed>('skip', (node) => ({ kind: 'skip', ...node }), isAddress);
  on<Addressed>('retry', (node) => ({ kind: 'retry', ...node }), isAddress);

  function on<A>(name: keyof typeof UPDATES, eventOf: (asked: A) => Event, isSound: (asked: A) => boolean) {
    const refuse = (why: string) => ApplicationFailure.nonRetryable(why, 'InvalidInput');
    const handle = async (asked: A): Promise<Steered> => {
      await condition(() => view.dispatch !== undefined);
      const { state, give } = view.dispatch!;
      const before = said(state());
      await give(eventOf(asked));
      return { changed: said(state()) !== before };
    };
    const validator = (asked: A): void => {
      if (!isSound(asked)) throw refuse(WANTED[name]);
      if (view.phase === 'integrating' || view.phase === 'closed')
        throw refuse('Nothing of it is left to do: it is being integrated.');
    };
    setHandler(defineUpdate<Steered, [A]>(UPDATES[name]), handle, { validator });
  }

  function isAddress(asked?: Addressed): boolean {
    const { u, k = 0 } = asked ?? {};
    return isCount(u) && isCount(k) && (view.graph === undefined || u < view.graph.units.length);
  }
}

const ADDRESS =
  'It takes `u`, the place of a brief in the plan, and `k`, of an instance in its fan-out: from 0.';
const WANTED: { readonly [Name in keyof typeof UPDATES]: string } = {
  pause: '',
  resume: '',
  concurrency: `It takes \`limit\`, a whole number from 1 to ${MAX_CONCURRENCY}.`,
  skip: ADDRESS,
  retry: ADDRESS,
};

const isCount = (n: unknown): n is number => Number.isInteger(n) && (n as number) >= 0;
/** All that people may change. */
const said = ({ paused, concurrency, byHand, again }: State): string =>
  JSON.stringify([paused, concurrency, byHand, again]);
