import { Liquid, type Template } from 'liquidjs';
import { Failure } from '../outcome/failure.js';
import { type Bindings, type Variables, variables } from './bindings.js';
import type { Reference } from './references.js';

// 1. A template sees only what it is given: no files, no includes, no inherited properties.
// 2. Same values, same text: nothing that reads the clock or draws lots (prompts enter digests).
// 3. A name that is not there is an error, never an empty string.

const engine = new Liquid({
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  parseLimit: 2_000_000,
  renderLimit: 5_000,
  memoryLimit: 50_000_000,
  outputEscape: (value: unknown) =>
    (value !== null && typeof value === 'object' ? JSON.stringify(value) : value) as string,
});
for (const tag of ['include', 'render', 'layout', 'block']) delete engine.tags[tag];
for (const name of Object.keys(engine.filters)) {
  if (name.startsWith('date') || name === 'sample') delete engine.filters[name];
}

interface Parsed {
  readonly nodes: readonly Template[];
  references?: readonly Reference[];
}
const parsed = new Map<string, Parsed>();
const MAX_REMEMBERED = 2_000;

/**
 * Text with its templates worked out. Objects and lists print as JSON.
 * @throws Failure `InvalidInput` saying which template and what is wrong with it.
 */
export function renderText(template: string, scope: Bindings | Variables): string {
  if (!hasTemplate(template)) return template;
  const { nodes } = parseTemplate(template);
  try {
    return engine.renderSync([...nodes], { ...variables(scope) }) as string;
  } catch (error) {
    throw wrong(template, error);
  }
}

/**
 * The names a template uses, without those it assigns itself.
 * @throws Failure `InvalidInput` where the template cannot be read.
 */
export function templateReferences(template: string): readonly Reference[] {
  if (!hasTemplate(template)) return [];
  const known = parseTemplate(template);
  known.references ??= engine.globalVariableSegmentsSync([...known.nodes]).flatMap(([root, member]) => {
    if (typeof root !== 'string') return [];
    return [typeof member === 'string' ? { root, member } : { root }];
  });
  return known.references;
}

export const hasTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%');

function parseTemplate(template: string): Parsed {
  const known = parsed.get(template);
  if (known) return known;
  try {
    const fresh = { nodes: engine.parse(template) };
    if (parsed.size >= MAX_REMEMBERED) parsed.clear();
    parsed.set(template, fresh);
    return fresh;
  } catch (error) {
    throw wrong(template, error);
  }
}

function wrong(template: string, error: unknown): Failure {
  const shown = template.length > 120 ? `${template.slice(0, 120)}…` : template;
  const what = (error as Error).message.split('\n')[0]!.replace(', line:1, col:', ', at character ');
  return new Failure('InvalidInput', `the template \`${shown}\` fails: ${what}`);
}
