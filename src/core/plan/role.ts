import { z } from 'zod';
import type { JsonObject } from '../outcome/canonical.js';
import { didYouMean } from './nearest.js';
import { Problems } from './problems.js';
import { readDocument } from './read.js';

/*
 * A role: who carries out an `ask`. It is Markdown with front matter, as agent files of coding assistants are.
 *  1. What it says below its front matter goes before everything else that the model is told, as it is: it is no template.
 *  2. What of its front matter Muster has no use for is left alone: other tools read the same file.
 */
export interface Role {
  readonly name: string;
  readonly description?: string;
  readonly strengths?: readonly string[];
  readonly bestFor?: readonly string[];
  /** A tier of `models`, or a model's name; absent: it suits any. */
  readonly model?: string;
  /** Names of tools that it may use; absent: it says nothing of them. */
  readonly tools?: readonly string[];
  /** What a model is told first. */
  readonly prompt: string;
}

/** The roles that a plan names, by the name it gives them. */
export type Roles = { readonly [name: string]: Role };

/** Characters of a role's file. */
const LONGEST = 50_000;
/** Names that coding assistants give to models, and the tiers that these are. */
const ALIASES: ReadonlyMap<string, string | undefined> = new Map([
  ['haiku', 'fast'],
  ['sonnet', 'default'],
  ['opus', 'capable'],
  ['inherit', undefined],
]);

const words = z.string('wants text.');
const listed = z.union([words, z.array(words)], 'wants text, or a list of texts.');
const frontMatter = z.object({
  name: words.optional(),
  description: words.optional(),
  strengths: listed.optional(),
  bestFor: listed.optional(),
  model: words.min(1, 'is empty. Name a tier or a model, or remove it.').optional(),
  tools: listed.optional().catch(undefined),
});
const KEYS = Object.keys(frontMatter.shape);

/** @param name by which the plan knows it @returns undefined where it cannot be read; why is in `problems` */
export function readRole(text: string, name: string, problems: Problems): Role | undefined {
  if (text.length > LONGEST) {
    problems.error(
      [],
      `it has ${text.length.toLocaleString('en')} characters, over the maximum of ${LONGEST.toLocaleString('en')}.`,
    );
    return undefined;
  }
  const { head, body, isOpen } = halves(text.replace(/^\uFEFF/, ''));
  if (isOpen) {
    problems.error([], 'its front matter begins with `---` and has no end. Close it with another `---`.', 1);
    return undefined;
  }
  const prompt = body.trim();
  if (prompt === '') {
    problems.error([], 'it has no prompt: write what the model is to be told, below the front matter.');
    return undefined;
  }
  const said = head === undefined || head.trim() === '' ? {} : readHead(head, problems);
  return said && { name, ...said, prompt };
}

/** What stands between two lines of `---` at its very beginning, and what follows; without the first of them all is body. */
function halves(text: string): { readonly head?: string; readonly body: string; readonly isOpen?: true } {
  const [first] = /^---[ \t]*\r?\n/.exec(text) ?? [];
  if (first === undefined) return { body: text };
  const rest = text.slice(first.length);
  const end = /^---[ \t]*\r?$/m.exec(rest);
  if (!end) return { body: '', isOpen: true };
  return { head: rest.slice(0, end.index), body: rest.slice(end.index + end[0].length) };
}

function readHead(head: string, problems: Problems): Omit<Role, 'name' | 'prompt'> | undefined {
  const document = documentIn(head, problems);
  if (!document) return undefined;
  const given = named(document);
  if (given.tools !== undefined && !listed.safeParse(given.tools).success)
    problems.warning(['tools'], 'its `tools` are neither text nor a list of texts, and are not read.');
  const parsed = frontMatter.safeParse(given);
  for (const { path, message } of parsed.error?.issues ?? [])
    problems.error(path as string[], `\`${path[0] as string}\` ${message}`);
  if (!parsed.success) return undefined;
  for (const key of Object.keys(document)) {
    const meant = spelt(key) === undefined ? didYouMean(key, KEYS) : '';
    if (meant !== '') problems.warning([key], `\`${key}\` is not read.${meant}`);
  }
  const { description, strengths, bestFor, model, tools } = parsed.data;
  const tier = model !== undefined && ALIASES.has(model) ? ALIASES.get(model) : model;
  return {
    ...(description !== undefined && { description }),
    ...(strengths !== undefined && { strengths: items(strengths) }),
    ...(bestFor !== undefined && { bestFor: items(bestFor) }),
    ...(tier !== undefined && { model: tier }),
    ...(tools !== undefined && { tools: items(tools) }),
  };
}

/** Of agent files many have a description that is no YAML, as with `: ` in it: that is read as it stands. */
function documentIn(head: string, problems: Problems): JsonObject | undefined {
  // An empty line for the `---` above it: lines are those of the file.
  const lines = `\n${head}`;
  const doubts = new Problems();
  readDocument(lines, doubts);
  if (!doubts.failed) return readDocument(lines, problems);
  const [described, description = ''] = /^description:[ \t]*(.*(?:\n(?![\w-]+:).*)*)/m.exec(lines) ?? [];
  if (described === undefined) return readDocument(lines, problems);
  const rest = lines.replace(described, () => '\n'.repeat(described.split('\n').length - 1));
  if (rest.trim() === '') return { description };
  const document = readDocument(rest, problems);
  return document && { ...document, description: description.trim() };
}

/** `best for`, `best_for` and `best-for` are `bestFor`. */
const spelt = (key: string): string | undefined =>
  KEYS.find((known) => known.toLowerCase() === key.replace(/[\s_-]/g, '').toLowerCase());

const named = (document: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(document).flatMap(([key, value]) => {
      const known = spelt(key);
      return known === undefined || value === null ? [] : [[known, value]];
    }),
  );

const items = (said: string | readonly string[]): readonly string[] =>
  (typeof said === 'string' ? said.split(',') : said).map((one) => one.trim()).filter((one) => one !== '');
