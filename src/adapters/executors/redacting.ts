import type { Json } from '../../core/outcome/canonical.js';
import { Failure } from '../../core/outcome/failure.js';
import type { Usage } from '../../core/outcome/usage.js';
import type { Work } from '../../core/plan/render.js';
import type { Effect, Executor } from '../../ports/executor.js';
import type { Redactor } from '../../ports/redactor.js';

/** An executor of whose outputs, progress and failures no secret is left. */
export const redacting =
  <W extends Work>(redactor: Redactor, executor: Executor<W>): Executor<W> =>
  async (task) => {
    try {
      const effect = await executor({
        ...task,
        progress: (told) =>
          task.progress(typeof told?.note === 'string' ? { ...told, note: redactor.text(told.note) } : told),
      });
      return ofEffect(redactor, effect);
    } catch (error) {
      throw error instanceof Failure ? ofFailure(redactor, error) : redactor.error(error);
    }
  };

/** An effect of which no secret is left. */
export function ofEffect(redactor: Redactor, effect: Effect): Effect {
  const { output, usage, calls } = effect;
  const hidden: Effect['output'] =
    'text' in output ? { text: redactor.text(output.text) } : { value: redactor.value(output.value) };
  return {
    ...effect,
    output: hidden,
    ...(calls && {
      calls: calls.map((call) => ({
        ...call,
        name: redactor.text(call.name),
        input: redactor.text(call.input),
      })),
    }),
    ...(usage && { usage: ofUsage(redactor, usage) }),
  };
}

export function ofFailure(redactor: Redactor, { type, message, stack, detail }: Failure): Failure {
  const { partial, cause, usage } = detail;
  const failure = new Failure(type, redactor.text(message), {
    ...detail,
    ...(partial !== undefined && { partial: withoutEnd(redactor, partial) }),
    ...(usage && { usage: ofUsage(redactor, usage) }),
    ...(cause !== undefined && { cause: redactor.error(cause) }),
  });
  failure.stack = redactor.text(stack ?? '');
  return failure;
}

/** A model is called what its endpoint says. */
const ofUsage = (redactor: Redactor, { model, ...usage }: Usage): Usage => ({
  ...usage,
  ...(model !== undefined && { model: redactor.text(model) }),
});

/** What there was of a text may end within a secret. */
const withoutEnd = (redactor: Redactor, partial: Json): Json =>
  typeof partial === 'string' ? redactor.text(partial, 'end') : redactor.value(partial);
