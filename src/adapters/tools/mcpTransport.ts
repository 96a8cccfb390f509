import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Agent } from 'undici';
import type { HttpWork } from '../../core/plan/render.js';
import type { Redactor } from '../../ports/redactor.js';
import { type Env, usualEnv } from '../executors/commandEnv.js';
import type { Resolve } from '../executors/httpConnect.js';
import { readHeaders } from '../executors/httpSecrets.js';
import { permitsFor } from '../executors/httpTarget.js';
import type { McpServer, Policy } from '../executors/policy.js';
import type { Provider } from '../executors/provider.js';
import { redactorOf } from '../executors/redactor.js';

/** The way to a server, and what takes its secrets out of what it says. */
export interface Way {
  readonly connect: () => Promise<Transport>;
  readonly redactor: Redactor;
  /** The end of what it wrote to standard error, of one that is started here. */
  readonly complaint: () => string;
}

export interface Given {
  readonly policy: Policy;
  /** The worker's environment. */
  readonly env: Env;
  /** Whose key nobody is told. */
  readonly model: Pick<Provider, 'apiKey'>;
  /** How names become addresses; the system's way unless told. */
  readonly resolve?: Resolve;
}

/** Characters of what a server complained of. */
const COMPLAINT = 300;

/** @throws Failure `HttpFailed` where the environment has no such secret */
export const wayTo = (name: string, server: McpServer, given: Given): Way =>
  'command' in server ? byStdio(server, given) : byHttp(name, server, given);

/** Also of what servers alone are given, any of them: one may read out what another has. */
function redactorFor({ policy, env, model }: Given): Redactor {
  const names = Object.values(policy.tools.mcp).flatMap(namesGiven);
  return redactorOf({ policy: { ...policy, env: [...policy.env, ...names] }, env, model });
}

/** Environment variables that it gets of its own. */
const namesGiven = (server: McpServer): readonly string[] =>
  'command' in server
    ? (server.env ?? [])
    : Object.values(server.headers ?? {}).flatMap((value) => (typeof value === 'string' ? [] : value.env));

function byStdio(
  { command, env: names = [], folder }: Extract<McpServer, { command: unknown }>,
  given: Given,
): Way {
  const { env } = given;
  const redactor = redactorFor(given);
  const [file = '', ...args] = command;
  let said = '';
  return {
    async connect() {
      const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
      const transport = new StdioClientTransport({
        ...{ command: file, args, env: { ...usualEnv(env, names) }, stderr: 'pipe' },
        ...(folder !== undefined && { cwd: folder }),
      });
      said = '';
      transport.stderr?.on('data', (chunk) => {
        // Before it is cut: half a secret is found by nobody.
        said = redactor.text(`${said}${String(chunk)}`).slice(-COMPLAINT);
      });
      return transport;
    },
    redactor,
    complaint: () => said.replace(/\s+/g, ' ').trim(),
  };
}

function byHttp(name: string, server: Extract<McpServer, { url: string }>, given: Given): Way {
  const { url, headers = {} } = server;
  const { policy, env, resolve } = given;
  const named = Object.entries(headers).map(([header, value]) =>
    typeof value === 'string'
      ? { name: header, text: value }
      : { name: header, env: value.env, ...(value.prefix !== undefined && { prefix: value.prefix }) },
  );
  const work: HttpWork = { kind: 'http', method: 'POST', url, headers: named };
  // Whoever runs the worker has said that this server gets them.
  const own = { ...policy, env: namesGiven(server) };
  const sent = readHeaders({ label: `the MCP server \`${name}\``, work }, { policy: own, env });
  let agent: Agent | undefined;
  return {
    async connect() {
      const [{ StreamableHTTPClientTransport }, { fetch }, { pinnedAgent }] = await Promise.all([
        import('@modelcontextprotocol/sdk/client/streamableHttp.js'),
        import('undici'),
        import('../executors/httpConnect.js'),
      ]);
      agent ??= pinnedAgent(permitsFor(policy, false), resolve);
      const dispatcher = agent;
      const pinned = (to: unknown, init: unknown) =>
        fetch(to as URL, { ...(init as object), dispatcher }) as unknown as Promise<Response>;
      const transport = new StreamableHTTPClientTransport(new URL(url), {
        fetch: pinned,
        requestInit: { headers: sent, redirect: 'error' },
      });
      return transport as Transport;
    },
    redactor: redactorFor(given),
    complaint: () => '',
  };
}
