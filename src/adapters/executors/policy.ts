import { realpathSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { Allowances } from '../governing/allowed.js';
import { named } from './commandEnv.js';

/** What a worker lets plans do, whoever sent them. Plain data. */
export interface Policy {
  /**
   * `*`: any. Else names, allowed as a plan writes them and found on PATH (`node`), and absolute paths, allowed
   * under whatever path leads to the same file. A worker that allows an interpreter allows what it can be told.
   */
  readonly commands: '*' | readonly string[];
  /**
   * Names of environment variables that commands get beside the usual ones, and that headers of requests may hold;
   * `AWS_*` is every name that begins so.
   */
  readonly env: readonly string[];
  /** Those among them, and among what is called a key, a token or the like, that hold no secret: they may be seen in outputs. */
  readonly plainEnv: readonly string[];
  /** Names of `call` functions that plans may use. */
  readonly functions: '*' | readonly string[];
  /** `*`: any. Else `api.example.com` or `*.example.com`, at the port of the scheme, at `:8443`, or at any (`:*`). */
  readonly hosts: '*' | readonly string[];
  /**
   * Whether requests may go to addresses that are not of the public internet: none, those of private networks and
   * of this machine, or a list of hosts (`localhost`, `*.corp.example`) and ranges (`10.0.0.0/8`, `::1`). Where a cloud
   * gives out credentials is allowed by that one address only.
   */
  readonly privateAddresses: boolean | readonly string[];
  /**
   * Whether a plan that came without a file (by HTTP, MCP, from a model) is trusted as one with a file is: to use `run` and
   * other commands, private addresses, and secrets in requests to any host (docs/decisions/0005, 0011).
   */
  readonly inlineCommands: boolean;
  /** What providers allow, by model: what no rule speaks of is found out. */
  readonly models: Allowances;
  /** What models may call, of plans that say so (`tools`), whoever sent them. */
  readonly tools: ToolPolicy;
}

export interface ToolPolicy {
  /** `*`: every function of the module that says what it takes (`search.tool = {description, input}`). */
  readonly functions: '*' | readonly string[];
  /** By name: `files` offers its tool `read` as `files.read`. */
  readonly mcp: { readonly [server: string]: McpServer };
}

/** A server that speaks the Model Context Protocol. */
export type McpServer =
  /** It is started here, and spoken to on its standard input and output. */
  | {
      readonly command: readonly string[];
      /** Names of environment variables that it gets beside the usual ones. */
      readonly env?: readonly string[];
      /** That it works in; the worker's own unless told. */
      readonly folder?: string;
    }
  /** Streamable HTTP; `hosts` and `privateAddresses` hold for it as for requests of plans. */
  | {
      readonly url: string;
      readonly headers?: {
        readonly [name: string]: string | { readonly env: string; readonly prefix?: string | undefined };
      };
    };

/** Of a worker that its own user started and told nothing else. */
export const OPEN_POLICY: Policy = {
  commands: '*',
  env: [],
  plainEnv: [],
  functions: '*',
  hosts: '*',
  privateAddresses: false,
  inlineCommands: false,
  models: {},
  tools: { functions: [], mcp: {} },
};

/**
 * The file to start for `command` in folder `cwd`; undefined where the policy does not allow it. A path never
 * matches a name. What is started for a path is the policy's own entry, so a link to a program that acts by
 * its name cannot be made to act by another.
 */
export function allowedCommand(policy: Policy, command: string, cwd?: string): string | undefined {
  if (policy.commands === '*') return command;
  if (!command.includes('/')) return policy.commands.find((allowed) => allowed === command);
  const file = realPath(cwd === undefined ? command : resolve(cwd, command));
  if (file === undefined) return;
  return policy.commands.find((allowed) => realPath(allowed) === file);
}

/** Where an absolute path really leads; undefined where it is relative or leads nowhere. */
function realPath(path: string): string | undefined {
  try {
    return isAbsolute(path) ? realpathSync(path) : undefined;
  } catch {
    return;
  }
}

/** What to tell whoever asked for a command that is not allowed. */
export function commandRefused(policy: Policy, command: string): string {
  const allowed = policy.commands.length === 0 ? 'no command' : `only ${[...policy.commands].join(', ')}`;
  return `this worker may not run \`${command}\`; its policy allows ${allowed}. Use one of these, or ask whoever runs the worker to allow it.`;
}

export const allowedFunction = (policy: Policy, name: string): boolean =>
  policy.functions === '*' || policy.functions.includes(name);

/** Whether a model may call a function. */
export const allowedTool = ({ tools: { functions } }: Policy, name: string): boolean =>
  functions === '*' || functions.includes(name);

export const functionRefused = (name: string): string =>
  `this worker's policy does not allow the function \`${name}\`. Ask whoever runs the worker to allow it.`;

export const envRefused = (name: string): string =>
  `this worker's policy does not let this request use the environment variable \`${name}\`. Ask whoever runs the worker to list it under \`env\`, and for a plan without a file to list \`hosts\`.`;

/** Whether a request may use a secret of the worker's. Of an inline plan, only where the policy says where it may go. */
export const allowedSecret = (policy: Policy, name: string, inline: boolean): boolean =>
  named(policy.env, name) && (!inline || policy.inlineCommands || policy.hosts !== '*');
