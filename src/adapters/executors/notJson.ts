import { MAX_DEPTH } from '../../core/outcome/canonical.js';

/**
 * The first place at which `value` is not what JSON carries, and why: `$.rows[2].at is undefined`; undefined where
 * it is all JSON. Nothing is dropped or converted on the way, so that what a function returned is what is stored.
 */
export function notJson(value: unknown, path = '$', above: readonly object[] = []): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return;
    case 'number':
      return Number.isFinite(value) ? undefined : `${path} is ${value}`;
    case 'object':
      break;
    case 'undefined':
      return `${path} is undefined`;
    default:
      return `${path} is a ${typeof value}`;
  }
  if (value === null) return;
  if (above.includes(value)) return `${path} leads back to where it came from`;
  if (above.length >= MAX_DEPTH) return `it is nested deeper than ${MAX_DEPTH} levels`;
  const within = [...above, value];
  if (Array.isArray(value)) return first(value.entries(), (i, v) => notJson(v, `${path}[${i}]`, within));
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (kind !== 'Object') return `${path} is a ${kind}`;
  return first(Object.entries(value), (key, v) =>
    notJson(v, /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`, within),
  );
}

function first<K>(
  entries: Iterable<[K, unknown]>,
  flaw: (key: K, value: unknown) => string | undefined,
): string | undefined {
  for (const [key, value] of entries) {
    const found = flaw(key, value);
    if (found !== undefined) return found;
  }
  return;
}
