import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { expect } from 'vitest';

export type Node = DefaultTreeAdapterMap['node'];
export type Element = DefaultTreeAdapterMap['element'];

export const isElement = (node: Node): node is Element => 'tagName' in node;

/** A node and everything in it, in order. */
export const within = (node: Node): Node[] => [
  node,
  ...('childNodes' in node ? node.childNodes.flatMap(within) : []),
];

/** Every node of a page, which a browser reads as it was meant. What is no character is an error to the standard, and read all the same. */
export function nodesOf(page: string): Node[] {
  const errors: string[] = [];
  const nodes = within(parse(page, { onParseError: ({ code }) => errors.push(code) }));
  expect(errors.filter((code) => code !== 'noncharacter-in-input-stream')).toEqual([]);
  return nodes;
}

export const wordsOf = (nodes: readonly Node[]): string =>
  nodes.map((node) => ('value' in node ? node.value : '')).join('');

export const attribute = (element: Element, name: string): string | undefined =>
  element.attrs.find((one) => one.name === name)?.value;

/** The elements of a name and a class, below nodes. */
export const elements = (nodes: readonly Node[], tag: string, kind?: string): Element[] =>
  nodes
    .filter(isElement)
    .filter(
      (one) =>
        one.tagName === tag &&
        (kind === undefined || (attribute(one, 'class') ?? '').split(' ').includes(kind)),
    );

/** What a person reads of an element, in one line. */
export const read = (element: Element): string => wordsOf(within(element)).replace(/\s+/g, ' ').trim();
