import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { Json } from '../outcome/canonical.js';
import { type Path, type Problems, pathText } from './problems.js';

/** Values a document may come to once its aliases are followed; a few nested ones would make billions. */
const MAX_VALUES = 1_000_000;

/** Keys whose text is written for people or models, where a cut-off ` # …` is a sentence lost. */
const PROSE = /^(brief|briefs\[\d+\]\.(ask|scope|title|constraints\[\d+\])|requirements\[\d+\]\.says)$/;

/**
 * The plain value of a composed document. Traps of YAML are reported and read as they were meant, so that the rest
 * can be checked too. Undefined where the document is no value at all: it contains itself, or comes to too many values.
 */
export function composedToJson(document: Document, text: string, problems: Problems): Json | undefined {
  let values = 0;
  const open = new Set<Node>();
  /** As of the place reached, for an anchor may be set again. (An alias's own `resolve` walks the whole document.) */
  const anchors = new Map<string, Node>();

  class Unreadable extends Error {}

  const convert = (node: unknown, path: Path): Json => {
    if (++values > MAX_VALUES) {
      throw new Unreadable(
        `its aliases come to more than ${MAX_VALUES.toLocaleString('en')} values. Write fewer of them.`,
      );
    }
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (!target) throw new Unreadable(`the alias \`*${node.source}\` names no anchor before it.`);
      if (open.has(target)) throw new Unreadable(`the alias \`*${node.source}\` contains itself.`);
      return convert(target, path);
    }
    if ((isScalar(node) || isCollection(node)) && node.anchor) anchors.set(node.anchor, node);
    if (isScalar(node)) return scalar(node, path);
    if (!isMap(node) && !isSeq(node)) return null;
    open.add(node);
    const value = isSeq(node)
      ? node.items.map((item, i) => convert(item, [...path, i]))
      : isTemplate(node)
        ? meant(node, path)
        : Object.fromEntries(
            node.items.flatMap((pair) => {
              const key = keyOf(pair.key, path);
              return key === undefined ? [] : [[key, convert(pair.value, [...path, key])] as const];
            }),
          );
    open.delete(node);
    return value;
  };

  const keyOf = (key: unknown, path: Path): string | undefined => {
    if (!isScalar(key)) {
      problems.error(path, 'a key is text; this one is a list or a map.');
      return undefined;
    }
    const name = String(key.value);
    if (name !== '__proto__') return name;
    problems.error([...path, name], '`__proto__` cannot be a key or an id. Give it another name.');
    return undefined;
  };

  const scalar = (node: Scalar, path: Path): Json => {
    const { value } = node;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      problems.error(
        path,
        `\`${node.source}\` is no number that JSON can carry. If text is meant, quote this.`,
      );
      return null;
    }
    if (node.type === 'PLAIN' && node.comment && onItsLine(node) && PROSE.test(pathText(path))) {
      problems.error(path, `\` #${node.comment}\` is a comment to YAML and would be lost. Quote this.`);
    }
    return value as Json;
  };

  /** A comment on a line of its own is one to every reader. */
  const onItsLine = ({ range }: Scalar): boolean =>
    /^[ \t]+#/.test(text.slice(range?.[1], (range?.[1] ?? 0) + 100));

  /** `{{ x }}` without quotes: to YAML a map whose one key is a map. */
  const isTemplate = (node: Node): boolean =>
    isMap(node) && node.items.length === 1 && isMap(node.items[0]!.key) && /^\{\s*\{/.test(sourceOf(node));
  const meant = (node: Node, path: Path): string => {
    problems.error(path, 'a value that begins with `{{` is a map to YAML. Quote this.');
    return sourceOf(node);
  };
  const sourceOf = (node: Node): string => text.slice(node.range?.[0], node.range?.[1]);

  try {
    return convert(document.contents, []);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    problems.error([], `the plan cannot be read: ${error.message}`);
    return undefined;
  }
}
