import { Failure } from '../outcome/failure.js';
import type { Bindings } from './bindings.js';
import { NOTHING, renderEncoded } from './template.js';

// 1. Who is talked to stands in the plan: scheme, host and port hold no template, and are written as they are meant.
// 2. Data changes no structure: a value is percent-encoded, and makes no path segment empty, `.` or `..`.

/** Stands for a template where only what is around it matters. */
const HOLE = '\uE000';
const AUTHORITY = /^([^:/?#]*):\/\/([^/?#]*)/;
/** What a URL parser takes for `.` or `..` (WHATWG URL, 4.1). */
const DOTS = /^(\.|%2e){1,2}$/i;

/** The part that names who is talked to; undefined where {@link urlProblem} would say so. */
export const originOf = (url: string): string | undefined => AUTHORITY.exec(url)?.[0];

/** What is wrong with an address as a plan writes it, as a sentence; undefined where nothing is. */
export function urlProblem(url: string): string | undefined {
  const fixed = url.replace(/\{\{.*?\}\}|\{%.*?%\}/gs, HOLE);
  const [start = '', scheme = '', authority = ''] = AUTHORITY.exec(fixed) ?? [];
  if (start.includes(HOLE) || fixed.startsWith(HOLE)) {
    return 'scheme, host and port hold no template: whom a plan talks to can be read in it. Write them out, and let templates begin after a `/` or `?`.';
  }
  if (scheme === '')
    return `\`${shown(url)}\` is no whole address. Write one such as \`https://api.example.com/v1\`.`;
  if (!/^https?$/i.test(scheme)) return `\`${scheme}:\` is neither \`http:\` nor \`https:\`.`;
  if (/\s|[^!-~\u{a1}-\u{10ffff}]/u.test(fixed))
    return 'an address has no blanks, line breaks or control characters. Write `%20` for a blank.';
  if (fixed.includes('\\')) return 'an address has no `\\`. Write `/`, or `%5C` for the sign itself.';
  if (authority.includes('@')) {
    return 'an address with a user name or a password ends up in logs. Use `headers: { Authorization: { env: NAME } }`.';
  }
  return hostProblem(scheme, authority) ?? restProblem(fixed.slice(start.length));
}

function hostProblem(scheme: string, authority: string): string | undefined {
  const host = authority.replace(/:\d*$/, '');
  const read = `${scheme}://${authority}`;
  if (host === '' || !URL.canParse(read)) return `\`${shown(authority)}\` is no host. Write its name.`;
  const { hostname } = new URL(read);
  const meant = hostname.endsWith('.') ? hostname.slice(0, -1) : hostname;
  if (host.toLowerCase() === meant) return undefined;
  return `the host \`${shown(host)}\` means \`${meant}\`. Write that.`;
}

function restProblem(rest: string): string | undefined {
  if (rest.includes('#')) return 'what follows a `#` is never sent. Leave it out, or write `%23`.';
  const [path = ''] = rest.split('?');
  if (path.split('/').some((segment) => DOTS.test(segment)))
    return 'a path holds no `.` or `..`. Write where it leads.';
  return undefined;
}

/**
 * An address with its templates worked out.
 * @throws Failure `InvalidInput` where a template fails, or a value would change the structure of the path.
 */
export function renderUrl(template: string, bindings: Bindings): string {
  const encoded = renderEncoded(template, bindings);
  const origin = originOf(encoded) ?? '';
  const [path = ''] = encoded.slice(origin.length).split('?');
  for (const segment of path.split('/')) {
    const text = segment.replaceAll(NOTHING, '');
    if (text === '' && segment !== '') throw wrong(template, 'a part of its path is empty');
    if (DOTS.test(text)) throw wrong(template, `a part of its path is \`${text}\`, which leads elsewhere`);
  }
  return encoded.replaceAll(NOTHING, '');
}

const wrong = (template: string, what: string): Failure =>
  new Failure(
    'InvalidInput',
    `the address \`${shown(template)}\` fails on these values: ${what}. Correct the value, or leave such an item out.`,
  );

const shown = (text: string): string => (text.length > 120 ? `${text.slice(0, 120)}…` : text);
