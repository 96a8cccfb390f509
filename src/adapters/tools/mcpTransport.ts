import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Agent } from 'undici';
import type { HttpWork } from '../../core/plan/render.js';
import type { Redactor } from '../../ports/redactor.js';
import { tail } from '../executors/capture.js';
import { type Env, usualEnv } from '../executors/commandEnv.js';
import type { Resolve } from '../executors/httpConnect.js';
import { readHeaders } from '../executors/httpSecrets.js';
import { permitsFor } from '../executors/httpTarget.js';
import type { McpServer, Policy } from '../executors/policy.js';

/** The way to a server. */
export interface Way {
  readonly connect: () => Promise<Transport>;
  /** The end of what it wrote to standard error, of one that is started here. */
  readonly complaint: () => string;
}

export interface Given {
  readonly policy: Policy;
  /** The worker's environment. */
  readonly env: Env;
  readonly redactor: Redactor;
  /** How names become addresses; the system's way unless told. */
  readonly resolve?: Resolve;
}

/** Bytes of what a server complained of. */
const COMPLAINT = 4096;
/** Characters of it that a message carries. */
const SHOWN = 300;

/** @throws Failure `HttpFailed` where the environment has no such secret */
export const wayTo = (name: string, server: McpServer, given: Given): Way =>
  'command' in server ? byStdio(server, given) : byHttp(name, server, given);

function byStdio(
  { command, env: names = [], folder }: Extract<McpServer, { command: unknown }>,
  given: Given,
): Way {
  const { env, redactor } = given;
  const [file = '', ...args] = command;
  let said = tail(COMPLAINT);
  return {
    async connect() {
      const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
      const transport = new StdioClientTransport({
        ...{ command: file, args, env: { ...usualEnv(env, names) }, stderr: 'pipe' },
        ...(folder !== undefined && { cwd: folder }),
      });
      said = tail(COMPLAINT);
      transport.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
      return transport;
    },
    // Before it is cut: half a secret is found by nobody.
    complaint: () => redactor.text(said.text(), 'start').replace(/\s+/g, ' ').trim().slice(-SHOWN),
  };
}

function byHttp(name: string, { url, headers = {} }: Extract<McpServer, { url: string }>, given: Given): Way {
  const { policy, env, resolve } = given;
  const named = Object.entries(headers).map(([header, value]) =>
    typeof value === 'string'
      ? { name: header, text: value }
      : { name: header, env: value.env, ...(value.prefix !== undefined && { prefix: value.prefix }) },
  );
  const work: HttpWork = { kind: 'http', method: 'POST', url, headers: named };
  // Whoever runs the worker has said that this server gets them.
  const names = named.flatMap((header) => ('env' in header ? header.env : []));
  const own = { ...policy, env: names };
  const sent = readHeaders({ label: `the MCP server \`${name}\``, work }, { policy: own, env });
  let agent: Agent | undefined;
  return {
    async connect() {
      const [{ StreamableHTTPClientTransport }, { fetch }, { pinnedAgent }, { attentive }] =
        await Promise.all([
          import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
          import('undici'),
          import('../executors/httpConnect.js'),
          import('./mcpAnswers.js'),
        ]);
      agent ??= pinnedAgent(permitsFor(policy, false), resolve);
      const dispatcher = agent;
      const pinned = (to: unknown, init: unknown) =>
        fetch(to as URL, { ...(init as object), dispatcher }) as unknown as Promise<Response>;
      const attention = attentive(pinned);
      const transport = new StreamableHTTPClientTransport(new URL(url), {
        fetch: attention.fetch,
        requestInit: { headers: sent, redirect: 'error' },
      });
      return attention.around(transport as Transport);
    },
    complaint: () => '',
  };
}
