import type { FetchLike, Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import { BROKEN_OFF } from './mcpServer.js';

/** Bytes of one answer: as many as one of a server over standard input and output may have. */
const MOST = 10 * 2 ** 20;
/** What came of an answer is with whoever asked so long after its end at the latest, ms. */
const READ_MS = 1_000;

/**
 * The SDK's transport over HTTP says nothing where a server breaks off an answer, and its caller would wait for ever; nor does
 * it bound what it reads. With this beneath and around it, who asked is told.
 */
export function attentive(fetch: FetchLike): {
  readonly fetch: FetchLike;
  readonly around: <T extends Transport>(transport: T) => T;
} {
  let fail = (_: RequestId, _why: string): void => {};
  /** What is waited for, and whether the transport asks for the rest by itself where the answer breaks off. */
  const waiting = new Map<RequestId, { readonly resumes: boolean }>();
  const lose = (id: RequestId, why: string) => {
    if (waiting.delete(id)) fail(id, why);
  };
  const ended = (id: RequestId) => {
    const told = () => waiting.get(id)?.resumes || lose(id, 'it ended its answer before there was one');
    setTimeout(told, READ_MS).unref();
  };

  return {
    async fetch(to, init) {
      const response = await fetch(to, init);
      const id = requestIn(init?.body);
      if (!response.body || !response.ok) return response;
      const { status, statusText, headers } = response;
      const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true;
      const over = id === undefined ? () => {} : () => ended(id);
      return new Response(ReadableStream.from(bounded(response.body, isStream, over)), {
        ...{ status, statusText, headers: [...headers] },
      });
    },
    around(transport) {
      fail = (id, message) =>
        transport.onmessage?.({ jsonrpc: '2.0', id, error: { code: BROKEN_OFF, message } });
      transport.onmessage = (message) => {
        if ('id' in message && !('method' in message) && message.id !== undefined) waiting.delete(message.id);
      };
      transport.onerror = ({ message }) => {
        if (!GIVEN_UP.test(message)) return;
        for (const [id, { resumes }] of waiting) if (resumes) lose(id, 'it broke off its answer');
      };
      const send = transport.send.bind(transport);
      transport.send = (message, options) => {
        if (isCancelling(message)) waiting.delete(message.params.requestId);
        if (!isRequest(message)) return send(message, options);
        const { id } = message;
        waiting.set(id, { resumes: false });
        const onresumptiontoken = () => waiting.has(id) && waiting.set(id, { resumes: true });
        return send(message, { ...options, onresumptiontoken }).catch((error) => {
          waiting.delete(id);
          throw error;
        });
      };
      return transport;
    },
  };
}

/** What the transport says when it has asked for the rest of an answer often enough. */
const GIVEN_UP = /^Maximum reconnection attempts/;

const isRequest = (
  message: JSONRPCMessage,
): message is Extract<JSONRPCMessage, { method: string; id: unknown }> =>
  'method' in message && 'id' in message;

const isCancelling = (
  message: JSONRPCMessage,
): message is JSONRPCMessage & { readonly params: { readonly requestId: RequestId } } =>
  'method' in message && message.method === 'notifications/cancelled';

function requestIn(body: unknown): RequestId | undefined {
  if (typeof body !== 'string') return undefined;
  const message = JSON.parse(body) as JSONRPCMessage;
  return isRequest(message) ? message.id : undefined;
}

/** @param isStream of events, which are a line each: then it is a line that is bounded */
async function* bounded(
  body: AsyncIterable<Uint8Array>,
  isStream: boolean,
  over: () => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of body) {
      const line = isStream ? chunk.lastIndexOf(NEWLINE) : -1;
      bytes = line < 0 ? bytes + chunk.length : chunk.length - line - 1;
      if (bytes > MOST) throw new Error('its answer has over 10 MB');
      yield chunk;
    }
  } finally {
    over();
  }
}
const NEWLINE = 10;
