import { celReferences } from './cel.js';
import type { Brief, Plan } from './plan.js';
import type { Reference } from './references.js';
import { templateReferences, urlReferences } from './template.js';

/** Of each brief, read once: every instance of a fan asks. */
const known = new WeakMap<Brief, readonly Reference[]>();

/** What a brief's executor is given, by name: conditions decide whether it runs, and acceptance judges afterwards. */
export function givenTo(brief: Brief): readonly Reference[] {
  const references = known.get(brief) ?? read(brief);
  known.set(brief, references);
  return references;
}

/** Names of the inputs among what is given; where `inputs` is as a whole, all of them. */
export const inputsAmong = (given: readonly Reference[], inputs: Plan['inputs']): readonly string[] =>
  given.flatMap(({ root, member }) =>
    root !== 'inputs' ? [] : member === undefined ? Object.keys(inputs) : [member],
  );

function read(brief: Brief): readonly Reference[] {
  const { executor, scope, constraints, context, stdin } = brief;
  const values = [stdin, executor.kind === 'http' ? executor.body : undefined, ...planValues(executor)];
  return [
    ...[...textsOf(executor), ...(scope === undefined ? [] : [scope]), ...constraints].flatMap(
      templateReferences,
    ),
    ...(executor.kind === 'http' ? urlReferences(executor.url) : []),
    ...values.flatMap((cel) => (cel === undefined ? [] : celReferences(cel))),
    ...context.map((root) => ({ root })),
  ];
}

function textsOf(executor: Brief['executor']): readonly string[] {
  switch (executor.kind) {
    case 'run':
      return executor.argv;
    case 'ask':
    case 'gate':
      return [executor.text];
    case 'http':
      return executor.headers.flatMap((header) => ('text' in header ? header.text : []));
    case 'call':
    case 'plan':
    case 'constant':
      return [];
  }
}

function planValues(executor: Brief['executor']): readonly string[] {
  if (executor.kind !== 'plan') return [];
  const { plan, params } = executor;
  return ['from' in plan ? plan.from : [], Object.values(params)].flat();
}
