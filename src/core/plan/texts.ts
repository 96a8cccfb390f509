import { placeOf, type WrittenBrief } from './draft.js';
import type { Path } from './problems.js';
import { requestOf } from './request.js';

/** A template or an expression, where it stands, and what it sees beside params, inputs and needs. */
export interface Written {
  readonly path: Path;
  readonly text: string;
  /** Names known in this place only. */
  readonly own?: readonly string[];
  /** Whether the item of an instance is known here; it is unless said otherwise. */
  readonly item?: boolean;
  /** An address: its templates may do less. */
  readonly url?: boolean;
}

/** Every Liquid template of a brief. */
export function templatesOf(brief: WrittenBrief): Written[] {
  const at = (...path: Path): Path => [...placeOf(brief), ...path];
  const list = (key: 'run' | 'constraints') =>
    (brief[key] ?? []).map((text, i) => ({ path: at(key, i), text }));
  const one = (key: 'ask' | 'scope' | 'gate') => {
    const text = brief[key];
    return text === undefined ? [] : [{ path: at(key), text }];
  };
  return [
    ...list('run'),
    ...one('ask'),
    ...one('gate'),
    ...one('scope'),
    ...list('constraints'),
    ...requestTexts(brief),
    ...globsOf(brief),
    ...producedBy(brief),
  ];
}

function requestTexts(brief: WrittenBrief): Written[] {
  const request = requestOf(brief);
  if (!request) return [];
  const { url, headers } = request;
  return [
    { path: url.path, text: url.value, url: true },
    ...headers.flatMap(({ path, value }) => (typeof value === 'string' ? [{ path, text: value }] : [])),
  ];
}

/** The path patterns of a brief. */
export const globsOf = (
  brief: WrittenBrief,
): (Written & { readonly use: 'reads' | 'writes' | 'mirrors' })[] =>
  (['reads', 'writes', 'mirrors'] as const).flatMap((use) =>
    (brief[use] ?? []).map((text, i) => ({ use, path: ['briefs', brief.at, use, i], text })),
  );

/** What a brief may keep of its own workspace. */
export const producedBy = ({ at, produces = [] }: WrittenBrief): Written[] =>
  produces.map((text, i) => ({ path: ['briefs', at, 'produces', i], text }));

/** Every CEL expression of a brief. `when` may ask about the item: then each instance has its own answer. */
export function expressionsOf(brief: WrittenBrief): Written[] {
  const at = (...path: Path): Path => [...placeOf(brief), ...path];
  const { when, forEach, accept } = brief;
  const found: Written[] = [];
  if (when !== undefined) found.push({ path: at('when'), text: when });
  if (typeof forEach?.in === 'string')
    found.push({ path: at('forEach', 'in'), text: forEach.in, item: false });
  if (forEach?.key !== undefined) found.push({ path: at('forEach', 'key'), text: forEach.key });
  found.push(...valuesOf(brief));
  for (const [i, { cel, plan }] of [accept ?? []].flat().entries()) {
    const place = (key: string) => (Array.isArray(accept) ? at('accept', i, key) : at('accept', key));
    if (cel !== undefined) found.push({ path: place('cel'), text: cel, own: ['output'] });
    if (plan !== undefined) found.push({ path: place('plan'), text: plan, own: ['output'] });
  }
  return found;
}

function planValues(brief: WrittenBrief): Written[] {
  const { from, params = {} } = brief.plan ?? {};
  const at = (...path: Path): Path => [...placeOf(brief), 'plan', ...path];
  return [
    ...(from === undefined ? [] : [{ path: at('from'), text: from }]),
    ...Object.entries(params).map(([name, text]) => ({ path: at('params', name), text })),
  ];
}

/** Those that give what its executor works on. */
export function valuesOf(brief: WrittenBrief): Written[] {
  const body = requestOf(brief)?.body;
  return [
    ...(body ? [{ path: body.path, text: body.value }] : []),
    ...planValues(brief),
    ...(brief.stdin ? [{ path: [...placeOf(brief), 'stdin', 'from'], text: brief.stdin.from }] : []),
  ];
}
