import OpenAI from 'openai';
import type { Json } from '../../core/outcome/canonical.js';
import { Failure, type FailureDetail } from '../../core/outcome/failure.js';
import type { Said } from '../../core/outcome/said.js';
import type { ToolCall } from '../../core/plan/prompt.js';
import type { AskWork } from '../../core/plan/render.js';
import type { Effect, Executor, Task } from '../../ports/executor.js';
import type { Redactor } from '../../ports/redactor.js';
import { type Asked, askFailed } from './askFailures.js';
import { callsOf, messageParam, toolParams } from './askTools.js';
import { PROGRESS_MS, paced } from './paced.js';
import { hostOf, isSetUp, NO_MODEL, OPENAI, type Provider } from './provider.js';
import { redactorOfKey } from './redactor.js';
import { stopped } from './stopped.js';
import { permitsStrict } from './strictSchema.js';

export interface AskOptions extends Provider {
  readonly fetch?: typeof fetch;
  /** Made from the key unless told. */
  readonly redactor?: Redactor;
}

/** The longest a timer can be: the task's signal ends a call, not the client. */
const NEVER_MS = 2 ** 31 - 1;

/** What a stream has brought so far. */
type Answer = { -readonly [K in keyof Said]: Said[K] } & { readonly calls: ReturnType<typeof callsOf> };

/**
 * Asks a model, once: no retries of its own. With a schema the effect is a value, without one a text; with tools it may
 * call some instead.
 * @throws Failure `ModelAuth`, `ModelRateLimited`, `ModelUnavailable`, `ModelRefused`, `InvalidInput`,
 * `OutputInvalid`, or why the task was stopped.
 */
export function askExecutor(options: AskOptions): Executor<AskWork> {
  const client = clientOf(options);
  const host = hostOf(options);
  const redactor = options.redactor ?? redactorOfKey(options);

  return async (task) => {
    if (!isSetUp(options)) throw new Failure('ModelAuth', `${task.label}: ${NO_MODEL}`);
    const answer: Answer = { text: '', refusal: '', usage: {}, calls: callsOf() };
    const left = () => leftOf(answer);
    const asked: Asked = { label: task.label, model: task.work.model, host, redactor };
    try {
      await listen(client, task, answer);
    } catch (error) {
      if (task.signal.aborted) throw stopped(task, left());
      throw askFailed(asked, error, left());
    }
    // An aborted stream ends like one that is complete.
    if (task.signal.aborted) throw stopped(task, left());
    // Before anything of it is quoted: half a secret is found by nobody.
    answer.text = redactor.text(answer.text);
    answer.refusal = redactor.text(answer.refusal);
    return read(asked, task.work, answer, left(), task.work.tools && answer.calls.all());
  };
}

/** One that tries nothing twice. */
export const clientOf = ({ baseURL, apiKey, fetch }: AskOptions): OpenAI =>
  new OpenAI({
    baseURL: baseURL ?? OPENAI,
    apiKey: apiKey ?? 'none',
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: NEVER_MS,
    logLevel: 'off',
    ...(fetch && { fetch }),
    ...(apiKey === undefined && { defaultHeaders: { Authorization: null } }),
  });

/** What a request says, whichever way it is sent. */
export const bodyOf = (work: AskWork) => ({
  model: work.model,
  messages: work.messages.map(messageParam),
  ...(work.temperature !== undefined && { temperature: work.temperature }),
  ...(work.maxTokens !== undefined && { max_completion_tokens: work.maxTokens }),
  ...(work.schema && {
    response_format: {
      type: 'json_schema' as const,
      json_schema: { name: 'output', schema: { ...work.schema }, strict: permitsStrict(work.schema) },
    },
  }),
});

async function listen(client: OpenAI, task: Task<AskWork>, answer: Answer) {
  const { work, key, signal, progress } = task;
  const report = paced(PROGRESS_MS, (tokens: number) => progress({ tokens }));
  let pieces = 0;
  task.sent?.();
  const stream = await client.chat.completions.create(
    {
      ...bodyOf(work),
      ...toolParams(work),
      stream: true,
      stream_options: { include_usage: true },
    },
    { signal, headers: { 'Idempotency-Key': key } },
  );
  task.answered?.();
  for await (const { choices, usage, model } of stream) {
    const choice = choices?.[0];
    answer.text += choice?.delta?.content ?? '';
    answer.refusal += choice?.delta?.refusal ?? '';
    answer.calls.take(choice?.delta?.tool_calls ?? []);
    answer.finish = choice?.finish_reason ?? answer.finish;
    answer.usage = {
      ...answer.usage,
      ...(model && { model }),
      ...(usage && { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens }),
    };
    // One piece is about one token; the exact count comes at the end.
    if (choice?.delta?.content || choice?.delta?.tool_calls) pieces++;
    if (bringsAnything(choice?.delta)) report(pieces);
  }
}

/** Some models stream their thinking first, in fields of their own. */
const bringsAnything = ({ role: _, ...delta }: { readonly role?: unknown } = {}): boolean =>
  Object.values(delta).some(Boolean);

export const leftOf = ({ text, usage }: Said): FailureDetail => ({
  ...(text !== '' && { partial: text }),
  usage,
});

/** @throws Failure where it is no answer that can be used */
export function read(
  { label, model, host }: Asked,
  work: AskWork,
  answer: Said,
  left: FailureDetail,
  calls: readonly ToolCall[] = [],
): Effect {
  const { text, refusal, finish, usage } = answer;
  if (refusal !== '') {
    throw new Failure(
      'ModelRefused',
      `${label}: ${model} refused: ${refusal.slice(0, 250)} Reword the brief.`,
      left,
    );
  }
  if (finish === 'content_filter') {
    throw new Failure(
      'ModelRefused',
      `${label}: ${host} filtered the answer of ${model}. Reword the brief.`,
      left,
    );
  }
  if (finish === 'length') {
    throw new Failure(
      'OutputInvalid',
      `${label}: the answer of ${model} was cut at its length limit. Ask for less in one brief, or use a model with a larger limit.`,
      left,
    );
  }
  if (finish === undefined) {
    throw new Failure(
      'ModelUnavailable',
      `${label}: ${host} broke off in the middle of an answer. Try again later.`,
      left,
    );
  }
  if (calls.length > 0) return { output: { text }, usage, calls };
  if (work.schema === undefined) return { output: { text }, usage };
  try {
    return { output: { value: JSON.parse(unfenced(text)) as Json }, usage };
  } catch (cause) {
    throw new Failure(
      'OutputInvalid',
      `${label}: the answer of ${model} is not JSON (${(cause as Error).message}).`,
      { ...left, cause },
    );
  }
}

/** Models that know no `response_format` like to wrap JSON in a code block. */
const unfenced = (text: string): string => /^\s*```(?:json)?\n(.*)\n```\s*$/s.exec(text)?.[1] ?? text;
