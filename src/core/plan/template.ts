import { Liquid, type Template } from 'liquidjs';
import { Failure } from '../outcome/failure.js';
import { type Bindings, type Variables, variables } from './bindings.js';
import type { Reference } from './references.js';

// 1. A template sees only what it is given: no files, no includes, no inherited properties.
// 2. Same values, same text: nothing that reads the clock or draws lots (prompts enter digests).
// 3. A name that is not there is an error, never an empty string.
// 4. In an address every value is percent-encoded, whatever filters and tags it comes through.

/** What templates are written in: Liquid, less what the place they stand in has no room for. */
interface Language {
  readonly engine: Liquid;
  readonly parsed: Map<string, Parsed>;
  /** Said of a tag or filter that is left out. */
  readonly hint: string;
}
interface Parsed {
  readonly nodes: readonly Template[];
  references?: readonly Reference[];
}
const MAX_REMEMBERED = 2_000;

function language(
  print: (value: unknown) => unknown,
  leftOut: { readonly tags: RegExp; readonly filters: RegExp; readonly hint?: string },
): Language {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    parseLimit: 2_000_000,
    renderLimit: 5_000,
    memoryLimit: 50_000_000,
    outputEscape: print as (value: unknown) => string,
  });
  for (const tag of Object.keys(engine.tags)) if (leftOut.tags.test(tag)) delete engine.tags[tag];
  for (const name of Object.keys(engine.filters)) if (leftOut.filters.test(name)) delete engine.filters[name];
  return { engine, parsed: new Map(), hint: leftOut.hint ?? '' };
}

/** What reads files, reads the clock or draws lots. */
const OUTSIDE = { tags: /^(include|render|layout|block)$/, filters: /^(date.*|sample)$/ };

const inText = language(
  (value) => (value !== null && typeof value === 'object' ? JSON.stringify(value) : value),
  OUTSIDE,
);

/** `raw` would let a value through as it is, and what is captured or encoded by hand would be encoded twice. */
const inUrl = language(percentEncoded, {
  tags: /^(?!(if|unless|case|for|break|continue|assign|comment|raw)$)/,
  filters: /^(date.*|sample|raw|(url|cgi|uri|xml)_.*|escape.*)$/,
  hint: ' (every value in an address is percent-encoded by itself)',
});

/** A value names what it says, and is no pattern: `raw` lets it be one. */
const inGlob = language(
  (value) => asText(value).replace(/[^\p{L}\p{N}_/.\s-]/gu, (sign) => `\\${sign}`),
  OUTSIDE,
);

/** Stands for an empty value in what {@link renderEncoded} gives; no encoded value contains it. */
export const NOTHING = '\0';

const asText = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value);

/** RFC 3986, 2.3: all but letters, digits and `-._~`. */
function percentEncoded(value: unknown): string {
  const text = asText(value);
  if (text === '') return NOTHING;
  if (/\p{Surrogate}/u.test(text)) throw new Error('a value is no Unicode text: it has half a character');
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * Text with its templates worked out. Objects and lists print as JSON.
 * @throws Failure `InvalidInput` saying which template and what is wrong with it.
 */
export const renderText = (template: string, scope: Bindings | Variables): string =>
  renderIn(inText, template, scope);

/** {@link renderText} for an address: each value is percent-encoded, an empty one is {@link NOTHING}. */
export const renderEncoded = (template: string, scope: Bindings | Variables): string =>
  renderIn(inUrl, template, scope);

/** {@link renderText} for a glob: of the values, no sign is a wildcard. */
export const renderGlob = (template: string, scope: Bindings | Variables): string =>
  renderIn(inGlob, template, scope);

function renderIn(language: Language, template: string, scope: Bindings | Variables): string {
  if (!hasTemplate(template)) return template;
  const { nodes } = parseTemplate(language, template);
  try {
    return language.engine.renderSync([...nodes], { ...variables(scope) }) as string;
  } catch (error) {
    throw wrong(language, template, error);
  }
}

/**
 * The names a template uses, without those it assigns itself.
 * @throws Failure `InvalidInput` where the template cannot be read.
 */
export const templateReferences = (template: string): readonly Reference[] => referencesIn(inText, template);

/** {@link templateReferences} for an address. */
export const urlReferences = (template: string): readonly Reference[] => referencesIn(inUrl, template);

function referencesIn(language: Language, template: string): readonly Reference[] {
  if (!hasTemplate(template)) return [];
  const known = parseTemplate(language, template);
  known.references ??= language.engine
    .globalVariableSegmentsSync([...known.nodes])
    .flatMap(([root, member, ...more]): Reference[] => {
      if (typeof root !== 'string') return [];
      if (typeof member !== 'string') return [{ root }];
      const beyond = writtenOut(more);
      return [{ root, member, ...(beyond.length > 0 && { beyond }) }];
    });
  return known.references;
}

/** Members by name: what Liquid counts or picks of a list or a text is none of them. */
function writtenOut(segments: readonly unknown[]): string[] {
  const end = segments.findIndex((one) => typeof one !== 'string' || PICKS.has(one));
  return (end < 0 ? segments : segments.slice(0, end)) as string[];
}
const PICKS: ReadonlySet<unknown> = new Set(['size', 'length', 'first', 'last']);

export const hasTemplate = (text: string): boolean => text.includes('{{') || text.includes('{%');

function parseTemplate(language: Language, template: string): Parsed {
  const { engine, parsed } = language;
  const known = parsed.get(template);
  if (known) return known;
  try {
    const fresh = { nodes: engine.parse(template) };
    if (parsed.size >= MAX_REMEMBERED) parsed.clear();
    parsed.set(template, fresh);
    return fresh;
  } catch (error) {
    throw wrong(language, template, error);
  }
}

function wrong({ hint }: Language, template: string, error: unknown): Failure {
  const shown = template.length > 120 ? `${template.slice(0, 120)}…` : template;
  const what = (error as Error).message.split('\n')[0]!.replace(', line:1, col:', ', at character ');
  const why = /undefined filter|^tag /.test(what) ? hint : '';
  return new Failure('InvalidInput', `the template \`${shown}\` fails: ${what}${why}`);
}
