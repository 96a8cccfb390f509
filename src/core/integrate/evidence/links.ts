import type { Token } from './token.js';

const LINK = /(?:https?:\/\/|www\.)[^\s<>"'“”«»|`]+/gi;

export const linksIn = (text: string): Token[] =>
  [...text.matchAll(LINK)].map(({ 0: match, index }) => {
    const link = trimmed(match);
    return { kind: 'link', text: link, at: index, end: index + link.length, keys: linkKeys(link) };
  });

const CLOSING = new Set('.,;:!?*_…]');

/** Without what closes the sentence or the bracket that it stands in. */
function trimmed(link: string): string {
  let end = link.length;
  while (CLOSING.has(link[end - 1] ?? '')) end--;
  const cut = link.slice(0, end);
  return cut.endsWith(')') && !cut.includes('(') ? trimmed(cut.slice(0, -1)) : cut;
}

/** Scheme, `www.`, letter case of the host and a slash at the end do not count; a part of a page stands for its page too. */
function linkKeys(link: string): string[] {
  const [page = '', part] = link.split('#');
  const [, host = '', path = ''] = /^(?:https?:\/\/)?(?:www\.)?([^/?]*)(.*)$/i.exec(page) ?? [];
  const key = `link ${host.toLowerCase().replace(/:(?:80|443)$/, '')}${path.replace(/\/$/, '')}`;
  return part ? [`${key}#${part}`] : [key];
}

/** The page of a link to a part of it. */
export const pageOf = (key: string): string => key.replace(/#.*$/, '');

const RUN =
  /`[^`\n]+`|(?<![\p{L}\p{N}])[$@]?[\p{L}_][\p{L}\p{N}_$@./:#-]{0,200}[\p{L}\p{N}_]|(?<![\p{L}\p{N}])0x[\da-f]{1,200}|(?<![\p{L}\p{N}.,])(?!\d{1,3}(?:\.\d{3})+(?![\d.]))v?\d+\.\d+\.\d+[\p{L}\p{N}.+-]*/gu;
/** Letters and digits in one word, `snake_case`, `camelCase`, a path, a version. */
const CODE =
  /^`|^0x|^v?\d+\.\d+\.\d+|\p{L}[\p{L}./:-]*\d|[\p{L}\d]_[\p{L}\d]|^\p{Ll}+\p{Lu}|^[\p{L}\d_.-]+\/[\p{L}\d_./-]*[./][\p{L}\d_./-]+$/u;

/** Names that programs give: held against the sources letter by letter. */
export const identifiersIn = (text: string): Token[] =>
  [...text.matchAll(RUN)].flatMap(({ 0: match, index }): Token[] => {
    if (!CODE.test(match)) return [];
    const run = match.replace(/[.:/-]+$/, '');
    const name = run.replace(/^`|`$/g, '').trim();
    return [{ kind: 'name', text: name, at: index, end: index + run.length, keys: [identifierKey(name)] }];
  });

export const identifierKey = (name: string): string => `code ${name.toLowerCase().replace(/^v(?=\d)/, '')}`;
