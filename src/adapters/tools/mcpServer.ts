import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JsonObject } from '../../core/outcome/canonical.js';
import type { Told } from '../../ports/tools.js';

export interface McpTool {
  readonly name: string;
  readonly description: string;
  readonly input: JsonObject;
}

/** A server that tools are called of. It is connected to when it is needed, and let go when it is not. */
export interface McpConnection {
  tools(): Promise<readonly McpTool[]>;
  call(
    given: { readonly tool: string; readonly input: JsonObject; readonly key: string },
    how: { readonly signal: AbortSignal; readonly progress: (note?: string) => void },
  ): Promise<Told>;
  close(): Promise<void>;
}

const IDLE_MS = 60_000;
/** To connect, and to say what there is, ms. */
const ANSWER_MS = 30_000;
/** The longest that a timer can be: what ends a call is the signal of its try. */
const NEVER_MS = 2 ** 31 - 1;

/** Pages of a list of tools: what says that there are more of them says so for ever. */
const MOST_PAGES = 100;

/**
 * What servers of HTTP say to a session that they do not know any more: nothing was done. An error of the protocol may have
 * the same code, and is an answer.
 */
const isForgotten = (error: unknown): boolean =>
  error instanceof Error && error.name !== 'McpError' && FORGOTTEN.has((error as { code?: unknown }).code);
const FORGOTTEN: ReadonlySet<unknown> = new Set([400, 404]);

/** What the SDK says of a request whose connection is closed. */
export const BROKEN_OFF = -32_000;

interface Open {
  readonly client: Client;
  /** The first that went wrong on the way since it last answered. */
  trouble?: string;
  tools?: Promise<readonly McpTool[]>;
}

/**
 * @param connect makes a fresh way to it, each time it is connected to
 * @param version of Muster, which it is told
 * @param idleMs it is let go of after so long without use
 */
export function mcpConnection(
  connect: () => Promise<Transport>,
  version: string,
  idleMs = IDLE_MS,
): McpConnection {
  let open: Promise<Open> | undefined;
  let current: Open | undefined;
  let users = 0;
  let idle: NodeJS.Timeout | undefined;
  let closed = false;

  async function opened(): Promise<Open> {
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const client = new Client({ name: 'muster', version }, { listChanged: { tools: { onChanged: forget } } });
    const mine: Open = { client };
    function forget() {
      delete mine.tools;
    }
    client.onclose = () => {
      if (current === mine) current = open = undefined;
    };
    client.onerror = ({ message }) => {
      mine.trouble ??= message;
    };
    await client.connect(await connect(), { timeout: ANSWER_MS });
    current = mine;
    return mine;
  }

  /** What is asked of it while it is open. One that could not be made is made anew by the next, one that it has forgotten at once. */
  async function using<R>(ask: (open: Open) => Promise<R>, again = true): Promise<R> {
    if (closed) throw new Error('this worker is being shut down');
    clearTimeout(idle);
    users++;
    try {
      open ??= opened().catch((error) => {
        open = undefined;
        throw error;
      });
      const mine = await open;
      try {
        const answer = await ask(mine);
        delete mine.trouble;
        return answer;
      } catch (error) {
        if (!again || !isForgotten(error)) throw whyOf(error, mine);
        if (current === mine) await letGo();
        return await using(ask, false);
      }
    } finally {
      users--;
      if (users === 0) idle = setTimeout(() => void letGo(), idleMs).unref();
    }
  }

  async function letGo(): Promise<void> {
    const going = open;
    current = open = undefined;
    await going?.then(({ client }) => client.close()).catch(() => undefined);
  }

  return {
    tools: () =>
      using((mine) => {
        mine.tools ??= toolsOf(mine.client).catch((error) => {
          delete mine.tools;
          throw error;
        });
        return mine.tools;
      }),
    call: ({ tool, input, key }, { signal, progress }) =>
      using(async ({ client }) => {
        const result = await client.callTool(
          { name: tool, arguments: input, _meta: { 'muster/idempotency-key': key } },
          undefined,
          { signal, timeout: NEVER_MS, onprogress: ({ message }) => progress(message) },
        );
        return toldOf(result as Result);
      }),
    async close() {
      closed = true;
      clearTimeout(idle);
      await letGo();
    },
  };
}

/** Of what broke off, what it broke off of, where that is known. */
const whyOf = (error: unknown, { trouble }: Open): unknown =>
  trouble !== undefined && (error as { readonly code?: unknown }).code === BROKEN_OFF
    ? new Error(`${(error as Error).message} (${trouble})`)
    : error;

async function toolsOf(client: Client): Promise<readonly McpTool[]> {
  const all: McpTool[] = [];
  let cursor: string | undefined;
  for (let pages = 1; pages <= MOST_PAGES; pages++) {
    const page = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout: ANSWER_MS });
    for (const { name, description = '', inputSchema } of page.tools)
      all.push({ name, description, input: inputSchema as JsonObject });
    cursor = page.nextCursor;
    if (cursor === undefined) return all;
  }
  throw new Error(`its list of tools has no end: of ${MOST_PAGES} pages none is the last`);
}

interface Result {
  readonly content?: readonly { readonly type: string; readonly [more: string]: unknown }[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
}

/** Texts as they are; what is none is named. What is structured only is told as JSON. */
function toldOf({ content = [], structuredContent, isError }: Result): Told {
  const parts = content.map(({ type, text, resource, uri, name }) => {
    if (type === 'text') return String(text);
    const within = (resource as { readonly text?: unknown; readonly uri?: unknown } | undefined) ?? {};
    if (typeof within.text === 'string') return within.text;
    return `[${[type, name, uri ?? within.uri].filter(Boolean).join(' ')}: not shown]`;
  });
  const text = parts.length === 0 && structuredContent ? JSON.stringify(structuredContent) : parts.join('\n');
  return { text, ...(isError && { isError: true }) };
}
