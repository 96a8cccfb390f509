import { placeOf, type WrittenBrief } from './draft.js';
import type { Path } from './problems.js';

/** What an `http` brief says, in one form however it is written, with the places of its parts. */
export interface WrittenRequest {
  readonly method: Placed<string>;
  readonly url: Placed<string>;
  readonly headers: readonly (Placed<WrittenHeader> & { readonly name: string })[];
  /** CEL. */
  readonly body?: Placed<string>;
}
interface Placed<T> {
  readonly value: T;
  readonly path: Path;
}
type WrittenHeader = string | { readonly env: string; readonly prefix?: string | undefined };

/** Undefined where the brief is no `http`. Of a text without a method the whole is taken for the address. */
export function requestOf(brief: WrittenBrief): WrittenRequest | undefined {
  const { http } = brief;
  if (http === undefined) return undefined;
  const place = (...path: Path): Path => [...placeOf(brief), 'http', ...path];
  if (typeof http === 'string') {
    const [, method = '', url = http] = /^\s*([A-Za-z]+)\s+(\S.*?)\s*$/s.exec(http) ?? [];
    return { method: { value: method, path: place() }, url: { value: url, path: place() }, headers: [] };
  }
  const { method = 'GET', url, headers = {}, body } = http;
  return {
    method: { value: method, path: place('method') },
    url: { value: url, path: place('url') },
    headers: Object.entries(headers).map(([name, value]) => ({ name, value, path: place('headers', name) })),
    ...(body && { body: { value: body.from, path: place('body', 'from') } }),
  };
}
