import type { JsonObject } from '../../outcome/canonical.js';
import { type Kind, kindsAllowed, propertiesOf, propertyAt, together, type View, viewsOf } from './views.js';

/** Why a member of a value can never be there. */
export interface Impossible {
  /** How many of the members before it can be. */
  readonly depth: number;
  /** What may be there that has members by name; absent: nothing there has any. */
  readonly known?: readonly string[];
  /** The kinds of values that are possible in its place. */
  readonly kinds: ReadonlySet<Kind>;
}

const MAX_DEPTH = 30;

/**
 * Whether a schema says that nothing it accepts can have these members, one within the other. Undefined where some value may:
 * that one is missing now and then is for whoever uses it to see to.
 */
export const impossible = (schema: JsonObject, path: readonly string[]): Impossible | undefined =>
  impossibleIn([{ schema, root: schema }], path, 0, new Set());

/** @param taken lists of alternatives one of which is among the views */
function impossibleIn(
  views: readonly View[],
  path: readonly string[],
  depth: number,
  taken: ReadonlySet<unknown>,
): Impossible | undefined {
  const known = together(views);
  const [name, ...rest] = path;
  if (!known || name === undefined || depth + taken.size > MAX_DEPTH) return undefined;
  const kinds = kindsAllowed(known);
  if (kinds.size === 0) return undefined;
  if (!kinds.has('object')) return { depth, kinds };
  const said = known.flatMap((view) => propertyAt(view, name));
  if (!together(said))
    return { depth, kinds, known: known.flatMap(({ schema }) => Object.keys(propertiesOf(schema))) };
  const deeper = impossibleIn(said, rest, depth + 1, new Set());
  if (deeper) return deeper;
  for (const { schema, root } of known)
    for (const list of [schema.anyOf, schema.oneOf]) {
      if (!Array.isArray(list) || taken.has(list)) continue;
      const apart = new Set([...taken, list]);
      const cases = viewsOf(list, root).map((one) => impossibleIn([...known, one], path, depth, apart));
      if (cases.length > 0 && cases.every((one) => one !== undefined)) return cases[0];
    }
  return undefined;
}
