import type { UnitGraph } from '../graph/units.js';
import { depthExceeds, type JsonObject, MAX_DEPTH } from '../outcome/canonical.js';
import type { Path, Problems } from './problems.js';

/** The graph crosses into the workflow together with its state: 256 KB, of which the state takes up to 32. */
const MAX_GRAPH = 224 * 1024;

export function checkGraphSize(graph: UnitGraph, problems: Problems): void {
  const size = new TextEncoder().encode(JSON.stringify(graph)).length;
  if (size <= MAX_GRAPH) return;
  const kb = Math.ceil(size / 1024);
  problems.error(
    ['briefs'],
    `the plan's graph takes ${kb} KB, over the maximum of ${MAX_GRAPH / 1024} KB: too many different sets of needs. ` +
      'Gather them: let a brief need many, and the others need that brief.',
  );
}

/** What {@link readDocument} makes sure of for text, for a document that comes as a value. */
export function checkDocument(document: JsonObject | undefined, problems: Problems): JsonObject | undefined {
  if (!document) {
    problems.error([], 'the plan is empty. Begin it with `muster: 1`.');
    return undefined;
  }
  if (depthExceeds(document, MAX_DEPTH)) {
    problems.error([], `the plan nests deeper than ${MAX_DEPTH} levels. Flatten it.`);
    return undefined;
  }
  const place = dangerousKey(document, []);
  if (place) problems.error(place, '`__proto__` cannot be a key or an id. Give it another name.');
  return place ? undefined : document;
}

function dangerousKey(value: unknown, path: Path): Path | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (Object.hasOwn(value, '__proto__')) return path;
  for (const [key, inner] of Object.entries(value)) {
    const found = dangerousKey(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found) return found;
  }
  return undefined;
}
