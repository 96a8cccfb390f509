import type { JsonObject } from '../../core/outcome/canonical.js';
import { Failure } from '../../core/outcome/failure.js';
import type { Plan } from '../../core/plan/plan.js';
import type { Problem } from '../../core/plan/problems.js';
import { fits, overlap } from '../../core/plan/tools.js';
import type { Redactor } from '../../ports/redactor.js';
import type { Told, Tool, Tools } from '../../ports/tools.js';
import { permitsFor, targetRefused } from '../executors/httpTarget.js';
import { PROGRESS_MS, paced } from '../executors/paced.js';
import { redacting } from '../executors/redacting.js';
import { stopped } from '../executors/stopped.js';
import { type McpConnection, mcpConnection } from './mcpServer.js';
import { type Given, type Way, wayTo } from './mcpTransport.js';

export interface ToolsOptions extends Given {
  /** Those that the policy lets models call. */
  readonly functions: readonly Tool[];
  /** Of Muster, which servers are told. */
  readonly version: string;
}

export interface OwnTools extends Tools {
  /** Every place of a plan that names a tool which no setting of this worker offers: found before anything starts. */
  check(plan: Plan): readonly Problem[];
  /** Lets go of every server, for good. */
  close(): Promise<void>;
}

interface Server {
  readonly way: Way;
  readonly connection: McpConnection;
}

/**
 * What a worker lets models call: functions, and tools of MCP servers.
 * @throws Failure `InvalidInput` where a server is at a place that the policy does not allow, `HttpFailed` where a secret is
 * not set
 */
export function workerTools({ functions, version, ...given }: ToolsOptions): OwnTools {
  const { policy, redactor } = given;
  const servers = new Map<string, Server>();
  for (const [name, server] of Object.entries(policy.tools.mcp)) {
    const refused =
      'url' in server ? targetRefused(policy, permitsFor(policy, false), new URL(server.url)) : undefined;
    if (refused !== undefined) throw new Failure('InvalidInput', `The MCP server \`${name}\`: ${refused}`);
    const way = wayTo(name, server, given);
    servers.set(name, { way, connection: mcpConnection(way.connect, version) });
  }

  async function toolsOf(name: string, { way, connection }: Server): Promise<readonly Tool[]> {
    try {
      return (await connection.tools()).map(({ name: tool, description, input }) => ({
        name: `${name}.${tool}`,
        description: redactor.text(description),
        input: redactor.value(input) as JsonObject,
        by: { server: name, tool },
      }));
    } catch (error) {
      throw new Failure(
        'CallFailed',
        `The MCP server \`${name}\` does not say what it has${whyOf(error, way, redactor)}.`,
      );
    }
  }

  const has = [...functions.map(({ name }) => name), ...[...servers.keys()].map((name) => `${name}.*`)];
  const isOffered = (pattern: string) =>
    functions.some(({ name }) => fits(pattern, name)) ||
    [...servers.keys()].some((name) => overlap(pattern, `${name}.*`));
  const missing = (path: string, use: readonly string[] = []): Problem[] =>
    use.flatMap((pattern) =>
      isOffered(pattern)
        ? []
        : [{ severity: 'error', path: `${path}.tools`, message: unknownTool(pattern, has) }],
    );

  return {
    async offered(mayBeMeant, signal) {
      const meant = [...servers].filter(([name]) => mayBeMeant(`${name}.`));
      const listed = Promise.all(meant.map(([name, server]) => toolsOf(name, server)));
      return [...functions, ...(await heeding(signal, listed)).flat()];
    },
    mcp: redacting(redactor, async (task) => {
      const { work, label, signal, key } = task;
      const server = servers.get(work.server);
      if (!server)
        throw new Failure(
          'CommandNotAllowed',
          `${label}: this worker has no MCP server \`${work.server}\` any more.`,
        );
      const { way, connection } = server;
      const progress = paced(PROGRESS_MS, (note: string | undefined) =>
        task.progress(note === undefined ? {} : { note }),
      );
      try {
        const told: Told = await heeding(
          signal,
          connection.call({ tool: work.tool, input: work.input, key }, { signal, progress }),
        );
        return { output: { value: { ...told } } };
      } catch (error) {
        if (signal.aborted) throw stopped(task);
        throw new Failure(
          'CallFailed',
          `The MCP server \`${work.server}\` did not carry out \`${work.tool}\`${whyOf(error, way, redactor)}.`,
        );
      }
    }),
    check: (plan) =>
      plan.briefs.flatMap(({ tools, fallback }, i) => [
        ...missing(`briefs[${i}]`, tools?.use),
        ...missing(`briefs[${i}].fallback`, fallback?.tools?.use),
      ]),
    async close() {
      await Promise.all([...servers.values()].map(({ connection }) => connection.close()));
    },
  };
}

const unknownTool = (pattern: string, has: readonly string[]): string =>
  `this worker offers no tool \`${pattern}\`; ${has.length === 0 ? 'it offers none' : `it has ${has.join(', ')}`}. Ask whoever runs the worker to offer it, under \`tools\` of its policy.`;

/** What lies beneath an error, with nothing secret in it. */
function whyOf(error: unknown, { complaint }: Way, redactor: Redactor): string {
  let inner = error as Error;
  while (inner.cause instanceof Error) inner = inner.cause;
  const said = complaint();
  const text = `${inner.message}${said ? `; it said: ${said}` : ''}`;
  return ` (${redactor.text(text, 'end').slice(0, 400)})`;
}

/** What is shared with others goes on; who is to stop does not wait for it. */
function heeding<R>(signal: AbortSignal, work: Promise<R>): Promise<R> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
