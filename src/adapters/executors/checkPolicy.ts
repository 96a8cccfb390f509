import type { Executor, HttpRequest } from '../../core/plan/executor.js';
import type { Plan } from '../../core/plan/plan.js';
import type { Problem } from '../../core/plan/problems.js';
import { originOf } from '../../core/plan/url.js';
import { unknownFunction } from './callFunction.js';
import { permitsFor, targetRefused } from './httpTarget.js';
import {
  allowedCommand,
  allowedFunction,
  allowedSecret,
  commandRefused,
  envRefused,
  functionRefused,
  type Policy,
} from './policy.js';

/**
 * Every place of a plan that the policy would refuse, found before anything starts. `functions` are the names
 * registered on the worker, where they are known.
 */
export function checkPolicy(
  plan: Plan,
  policy: Policy,
  {
    inline,
    functions,
    reducers = functions,
  }: {
    readonly inline: boolean;
    readonly functions?: readonly string[];
    /** Those of them that the integrator can call, which has a thread of its own; all unless told. */
    readonly reducers?: readonly string[];
  },
): Problem[] {
  const problem = (path: string, message: string): Problem[] => [{ severity: 'error', path, message }];
  // In a workspace a relative path names another file for every try, which no policy can have named.
  const folderOf = (inWorkspace: boolean) => (inWorkspace ? undefined : plan.folder);
  const command = (path: string, argv: readonly string[], folder: string | undefined): Problem[] => {
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
    return allowedCommand(policy, file, folder) === undefined
      ? problem(`${path}[0]`, commandRefused(policy, file))
      : [];
  };
  const call = (path: string, name: string, functions: readonly string[] | undefined): Problem[] => {
    if (!allowedFunction(policy, name)) {
      return problem(path, functionRefused(name));
    }
    return functions && !functions.includes(name) ? problem(path, unknownFunction(name, functions)) : [];
  };
  // A library may compile a plan without a folder; its requests then count as those of an inline one.
  const fileless = inline || plan.folder === undefined;
  const permits = permitsFor(policy, fileless);
  const request = (path: string, { url, headers }: HttpRequest): Problem[] => {
    const refused = targetRefused(policy, permits, new URL(originOf(url) ?? url));
    return [
      ...(refused === undefined ? [] : problem(path, refused)),
      ...headers.flatMap((header) =>
        'env' in header && !allowedSecret(policy, header.env, fileless)
          ? problem(`${path}.headers.${header.name}`, envRefused(header.env))
          : [],
      ),
    ];
  };
  const carriedOut = (path: string, executor: Executor, inWorkspace: boolean): Problem[] => {
    switch (executor.kind) {
      case 'run':
        return command(`${path}.run`, executor.argv, folderOf(inWorkspace));
      case 'http':
        return request(`${path}.http`, executor);
      case 'call':
        return call(`${path}.call`, executor.name, functions);
      default:
        return [];
    }
  };
  return [
    ...plan.briefs.flatMap(({ accept, workspace, ...brief }, i) => [
      ...carriedOut(`briefs[${i}]`, brief.executor, workspace !== undefined),
      ...(brief.fallback
        ? carriedOut(`briefs[${i}].fallback`, brief.fallback.executor, workspace !== undefined)
        : []),
      ...accept.flatMap((a) =>
        a.kind === 'command' ? command(`briefs[${i}].accept`, a.argv, folderOf(workspace !== undefined)) : [],
      ),
    ]),
    ...plan.integrate.merge.flatMap(({ name, reduce }) =>
      reduce === undefined ? [] : call(`integrate.merge.${name}.reduce`, reduce, reducers),
    ),
    ...(plan.integrate.verify
      ? command('integrate.verify', plan.integrate.verify, folderOf(plan.base !== undefined))
      : []),
  ];
}
