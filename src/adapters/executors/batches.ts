import { Failure } from '../../core/outcome/failure.js';
import type { Said } from '../../core/outcome/said.js';
import type { Batches, BatchRequest, Came } from '../../ports/batches.js';
import type { Redactor } from '../../ports/redactor.js';
import type { AskOptions } from './ask.js';
import { hostOf } from './provider.js';
import { ofEffect, ofFailure } from './redacting.js';
import { redactorOfKey } from './redactor.js';

/*
 * The Batch API of OpenAI, and of whoever speaks it: a file of requests, one a line, is made a batch of; what comes is a file
 * of answers and one of errors.
 */

type Api = Awaited<ReturnType<typeof load>>;
/** The client is loaded for the first batch: a worker that sends none starts sooner. */
const load = async (options: AskOptions) => {
  const [{ toFile }, ask, { askFailed }] = await Promise.all([
    import('openai'),
    import('./ask.js'),
    import('./askFailures.js'),
  ]);
  const redactor = options.redactor ?? redactorOfKey(options);
  return { toFile, askFailed, redactor, ...ask, client: ask.clientOf(options), host: hostOf(options) };
};

const OVER: ReadonlySet<string> = new Set(['completed', 'failed', 'expired', 'cancelled']);
/** A path that there is not, or a way of asking that it does not know. */
const NO_SUCH = new Set([404, 405, 501]);
/** Of a batch that would have more wait than it allows at a time. */
const NO_ROOM = 'token_limit_exceeded';
/** A provider's clock may differ from ours by so much, s. */
const SKEW_S = 3_600;
/** A provider that does not answer by then is not waited for, ms. */
const CANCEL_MS = 5_000;
/** Under which a batch carries its name. */
const NAME = 'muster';

export function providerBatches(options: AskOptions): Batches {
  let loaded: Promise<Api> | undefined;
  const asking = async <T>(what: string, ask: (api: Api) => Promise<T>): Promise<T> => {
    loaded ??= load(options);
    const api = await loaded;
    try {
      return await ask(api);
    } catch (error) {
      const { host, redactor } = api;
      if (error instanceof Failure) throw ofFailure(redactor, error);
      const status = statusOf(error);
      if (status !== undefined && NO_SUCH.has(status))
        throw new Failure('InvalidInput', `${host} has no Batch API (it says ${status}).`);
      const asked = { label: what, model: 'batches', host, redactor };
      throw ofFailure(redactor, api.askFailed(asked, error, {}));
    }
  };
  const lineOf = ({ bodyOf }: Api, { key, work }: BatchRequest): string =>
    `${JSON.stringify({ custom_id: key, method: 'POST', url: '/v1/chat/completions', body: bodyOf(work) })}\n`;

  return {
    // What surrounds the texts is about as long whatever they are.
    sizeOf: ({ work }) => JSON.stringify(work).length + 500,
    send: (name, requests, signal) =>
      asking('a batch', async (api) => {
        const { client, toFile } = api;
        const lines = requests.map((request) => Buffer.from(lineOf(api, request)));
        const file = await client.files.create(
          { file: await toFile(Buffer.concat(lines), 'batch.jsonl'), purpose: 'batch' },
          { signal },
        );
        try {
          const batch = await client.batches.create(
            {
              input_file_id: file.id,
              endpoint: '/v1/chat/completions',
              completion_window: '24h',
              metadata: { [NAME]: name },
            },
            { signal },
          );
          return batch.id;
        } catch (error) {
          // Of what was not answered there may be a batch, which needs its file.
          const how = { signal: AbortSignal.timeout(CANCEL_MS) };
          if (isTurnedAway(error)) await client.files.delete(file.id, how).catch(() => undefined);
          throw error;
        }
      }),
    find: (name, since, signal) =>
      asking('a batch', async ({ client }) => {
        for await (const batch of client.batches.list({ limit: 100 }, { signal })) {
          if (batch.metadata?.[NAME] === name) return batch.id;
          // The latest come first.
          if (batch.created_at < since / 1_000 - SKEW_S) return undefined;
        }
        return undefined;
      }),
    look: (id, signal) =>
      asking('a batch', async ({ client, host, redactor }) => {
        const { status, request_counts: counts, errors } = await client.batches.retrieve(id, { signal });
        const { message = '', code } = errors?.data?.[0] ?? {};
        const said = redactor.text(message).trim().replace(/\.$/, '').slice(0, 250);
        return {
          isOver: OVER.has(status),
          answered: counts?.completed ?? 0,
          ...(status === 'failed' && { refused: `${host} took no batch${said ? `: ${said}` : ''}.` }),
          ...(status === 'failed' && code === NO_ROOM && { noRoom: true }),
        };
      }),
    answers: (id, signal) =>
      asking('a batch', async ({ client, redactor }) => {
        const batch = await client.batches.retrieve(id, { signal });
        const files = [batch.output_file_id, batch.error_file_id].filter((one) => typeof one === 'string');
        const read = files.map(async (file) => (await client.files.content(file, { signal })).text());
        const texts = await Promise.all(read);
        return texts.flatMap((text) => text.split('\n').flatMap((line) => cameIn(line, redactor)));
      }),
    cancel: (id) =>
      asking(
        'a batch',
        async ({ client }) =>
          void (await client.batches.cancel(id, { signal: AbortSignal.timeout(CANCEL_MS) })),
      ),
    forget: (id) =>
      asking('a batch', async ({ client }) => {
        const signal = AbortSignal.timeout(CANCEL_MS);
        const batch = await client.batches.retrieve(id, { signal });
        const files = [batch.input_file_id, batch.output_file_id, batch.error_file_id];
        const kept = files.filter((one) => typeof one === 'string');
        await Promise.all(kept.map((file) => client.files.delete(file, { signal }).catch(() => undefined)));
      }),
    effectOf: ({ label, work }, said) =>
      asking(label, async ({ host, redactor, read, leftOf }) =>
        ofEffect(redactor, read({ label, model: work.model, host, redactor }, work, said, leftOf(said))),
      ),
  };
}

/** Of an HTTP answer; undefined where there was none. */
function statusOf(error: unknown): number | undefined {
  const { status } = error as { status?: unknown };
  return typeof status === 'number' ? status : undefined;
}

function isTurnedAway(error: unknown): boolean {
  const status = statusOf(error);
  return status !== undefined && status >= 400 && status < 500;
}

interface Line {
  readonly custom_id?: unknown;
  readonly response?: { readonly status_code?: number; readonly body?: Body } | null;
  readonly error?: unknown;
}
interface Body {
  readonly model?: string;
  readonly choices?: readonly {
    readonly finish_reason?: string | null;
    readonly message?: { readonly content?: string | null; readonly refusal?: string | null };
  }[];
  readonly usage?: { readonly prompt_tokens?: number; readonly completion_tokens?: number };
}

/** A line that cannot be read tells of nobody: whom it was about is asked again. */
function cameIn(text: string, redactor: Redactor): readonly Came[] {
  if (text.trim() === '') return [];
  let line: Line;
  try {
    line = JSON.parse(text) as Line;
  } catch {
    return [];
  }
  const { custom_id: key, response } = line;
  if (typeof key !== 'string') return [];
  const status = response?.status_code ?? 0;
  const choice = response?.body?.choices?.[0];
  if (status === 200 && choice) return [{ key, said: saidIn(response.body!, redactor) }];
  // What the provider does not take it will not take in another batch either; asked directly, it says why.
  return [{ key, again: !(status >= 400 && status < 500 && status !== 429 && status !== 408) }];
}

function saidIn({ model, choices = [], usage }: Body, redactor: Redactor): Said {
  const { finish_reason: finish, message } = choices[0] ?? {};
  return {
    text: redactor.text(message?.content ?? ''),
    refusal: redactor.text(message?.refusal ?? ''),
    ...(finish && { finish }),
    usage: {
      ...(model && { model: redactor.text(model) }),
      ...(usage?.prompt_tokens !== undefined && { inputTokens: usage.prompt_tokens }),
      ...(usage?.completion_tokens !== undefined && { outputTokens: usage.completion_tokens }),
    },
  };
}
