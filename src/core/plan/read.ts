import { Composer, type Document, LineCounter, type ParsedNode, Parser } from 'yaml';
import type { JsonObject } from '../outcome/canonical.js';
import { composedToJson } from './composed.js';
import { pathNode } from './position.js';
import type { Path, Problems } from './problems.js';

// 1. Nothing is built from a document before its size and its depth are known: the composer recurses, and on
//    10,000 nested dashes it does not throw but takes the process with it.
// 2. A document that cannot be read at all is the only thing that hides other problems.

/** Characters; larger plans come as JSONL or from a `forEach`. */
const MAX_TEXT = 16 * 1024 * 1024;
/** Levels of nesting that a document may have. */
const MAX_NESTING = 100;

/**
 * Reads one YAML 1.2 (core schema) or JSON document. Undefined where it cannot be read; every reason is in `problems`,
 * which from then on know the lines of paths.
 */
export function readDocument(text: string, problems: Problems): JsonObject | undefined {
  if (text.length > MAX_TEXT) {
    const size = (text.length / (1024 * 1024)).toFixed(1);
    problems.error(
      [],
      `the plan is ${size} MB, over the maximum of 16 MB. Move long lists into a file and use \`forEach\`.`,
    );
    return undefined;
  }
  const lines = new LineCounter();
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  if (deeperThan(tokens, MAX_NESTING)) {
    problems.error([], `the plan nests deeper than ${MAX_NESTING} levels. Flatten it.`);
    return undefined;
  }
  const options = { version: '1.2', schema: 'core', resolveKnownTags: false, uniqueKeys: true } as const;
  const documents = [...new Composer(options).compose(tokens)];
  const [document, second] = documents;
  if (!document?.contents) {
    problems.error([], 'the plan is empty. Begin it with `muster: 1`.');
    return undefined;
  }
  if (second) {
    const line = lines.linePos(second.range[0]).line;
    problems.error([], 'a plan is one document; another begins here. Put it into a file of its own.', line);
    return undefined;
  }
  if (!readable(document, text, lines, problems)) return undefined;

  const lineAt = (node: { readonly range?: readonly number[] | null } | undefined) =>
    node?.range ? lines.linePos(node.range[0]!).line : undefined;
  problems.locateBy((path: Path) => lineAt(pathNode(document, path)));
  const value = composedToJson(document, text, problems);
  if (value === undefined) return undefined;
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    problems.error([], 'a plan is a map of keys, such as `muster: 1` and `briefs: [...]`.', 1);
    return undefined;
  }
  return value as JsonObject;
}

interface Token {
  readonly value?: unknown;
  readonly items?: readonly { readonly key?: unknown; readonly value?: unknown }[];
}

/** Level by level, so that depth costs no stack. */
function deeperThan(tokens: readonly unknown[], limit: number): boolean {
  let level = tokens;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    const below: unknown[] = [];
    for (const token of level as readonly Token[]) {
      if (typeof token.value === 'object') below.push(token.value);
      for (const { key, value } of token.items ?? []) {
        if (key) below.push(key);
        if (value) below.push(value);
      }
    }
    level = below;
  }
  return false;
}

/** Says what is wrong with the writing itself; false where the structure cannot be trusted. */
function readable(
  document: Document.Parsed<ParsedNode>,
  text: string,
  lines: LineCounter,
  problems: Problems,
): boolean {
  let trusted = true;
  for (const { code, message, pos } of document.errors) {
    const { line } = lines.linePos(pos[0]);
    if (code === 'DUPLICATE_KEY') {
      const key = /^[^\s:]+/.exec(text.slice(pos[0]))?.[0] ?? '';
      problems.error([], `the key \`${key}\` stands twice in one map. Keep one.`, line);
      continue;
    }
    trusted = false;
    const source = text.split('\n', line)[line - 1] ?? '';
    problems.error([], `this is not YAML: ${lowerFirst(message)}.${hint(code, source)}`, line);
  }
  for (const { message, pos } of document.warnings) {
    problems.error(
      [],
      `${lowerFirst(message)}. Plans use plain YAML 1.2 values.`,
      lines.linePos(pos[0]).line,
    );
  }
  return trusted;
}

function hint(code: string, source: string): string {
  if (/[:[,-]\s*\{\{/.test(source)) return ' A value that begins with `{{` is a map to YAML: quote this.';
  if (code === 'BLOCK_AS_IMPLICIT_KEY') return ' Text that holds `: ` is a map to YAML: quote this.';
  if (code === 'BAD_SCALAR_START') return ' Quote this.';
  return '';
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
