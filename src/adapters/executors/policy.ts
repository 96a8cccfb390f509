import { realpathSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { Plan } from '../../core/plan/plan.js';
import type { Problem } from '../../core/plan/problems.js';
import { unknownFunction } from './callFunction.js';

/** What a worker lets plans do, whoever sent them. Plain data. */
export interface Policy {
  /**
   * `*`: any. Else names, allowed as a plan writes them and found on PATH (`node`), and absolute paths, allowed
   * under whatever path leads to the same file. A worker that allows an interpreter allows what it can be told.
   */
  readonly commands: '*' | readonly string[];
  /** Names of environment variables that commands get beside the usual ones; `AWS_*` is every name that begins so. */
  readonly env: readonly string[];
  /** Names of `call` functions that plans may use. */
  readonly functions: '*' | readonly string[];
  /** Whether a plan that came without a file (by HTTP, MCP, from a model) may use `run` and other commands. */
  readonly inlineCommands: boolean;
}

/** Of a worker that its own user started and told nothing else. */
export const OPEN_POLICY: Policy = { commands: '*', env: [], functions: '*', inlineCommands: false };

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

/**
 * Every place of a plan that the policy would refuse, found before anything starts. `functions` are the names
 * registered on the worker, where they are known.
 */
export function checkPolicy(
  plan: Plan,
  policy: Policy,
  { inline, functions }: { readonly inline: boolean; readonly functions?: readonly string[] },
): Problem[] {
  const problem = (path: string, message: string): Problem[] => [{ severity: 'error', path, message }];
  const command = (path: string, argv: readonly string[]): Problem[] => {
    const [file = ''] = argv;
    if (inline && !policy.inlineCommands) {
      return problem(
        path,
        'a plan that comes without a file may not run commands on this worker. Start it from a plan file, or ask whoever runs the worker to allow it.',
      );
    }
    if (policy.commands !== '*' && file.includes('{{')) {
      return problem(
        `${path}[0]`,
        'this worker allows named commands only; write the command out, not as a template.',
      );
    }
    return allowedCommand(policy, file, plan.folder) === undefined
      ? problem(`${path}[0]`, commandRefused(policy, file))
      : [];
  };
  const call = (path: string, name: string): Problem[] => {
    if (!allowedFunction(policy, name)) {
      return problem(path, functionRefused(name));
    }
    return functions && !functions.includes(name) ? problem(path, unknownFunction(name, functions)) : [];
  };
  return [
    ...plan.briefs.flatMap(({ executor, accept }, i) => [
      ...(executor.kind === 'run' ? command(`briefs[${i}].run`, executor.argv) : []),
      ...(executor.kind === 'call' ? call(`briefs[${i}].call`, executor.name) : []),
      ...accept.flatMap((a) => (a.kind === 'command' ? command(`briefs[${i}].accept`, a.argv) : [])),
    ]),
    ...(plan.integrate.verify ? command('integrate.verify', plan.integrate.verify) : []),
  ];
}

export const allowedFunction = (policy: Policy, name: string): boolean =>
  policy.functions === '*' || policy.functions.includes(name);

export const functionRefused = (name: string): string =>
  `this worker's policy does not allow the function \`${name}\`. Ask whoever runs the worker to allow it.`;
