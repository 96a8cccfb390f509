import { globsOverlap } from '../../graph/conflicts.js';
import { precedes } from '../../graph/dag.js';
import { Failure } from '../../outcome/failure.js';
import type { Draft } from '../draft.js';
import { endedBefore } from '../joins.js';
import type { Path, Problems } from '../problems.js';
import { roots } from '../references.js';
import { renderText, templateReferences } from '../template.js';
import { globsOf, type Written } from '../texts.js';

/** A path pattern of a brief, by its place among the briefs. */
export interface Pattern {
  readonly u: number;
  readonly path: Path;
  readonly glob: string;
  /** The part before the first wildcard: patterns whose fixed parts differ cannot meet. */
  readonly fixed: string;
}

/**
 * Two briefs without an order between them may not touch one path where either writes it. A brief that mirrors the
 * path may go beside its writer: it follows a known pattern and imports nothing. Needs an acyclic graph.
 */
export function checkOverlaps(draft: Draft, problems: Problems): void {
  const briefs = [...draft.byId.values()];
  const all = briefs.flatMap((brief, u) =>
    globsOf(brief).map((written) => ({ ...pattern(draft, written, u), use: written.use })),
  );
  if (!all.some(({ use }) => use === 'writes')) return;
  const place = new Map(briefs.map(({ id }, u) => [id, u]));
  const before = precedes(briefs.map((brief) => endedBefore(brief).flatMap((id) => place.get(id) ?? [])));
  const mirrors = all.filter(({ use }) => use === 'mirrors');
  const mirrored = (u: number, path: string) =>
    mirrors.some((each) => each.u === u && globsOverlap(each.glob, path) !== undefined);

  const told = new Set<string>();
  for (const [one, second] of mayMeet(all.filter(({ use }) => use !== 'mirrors'))) {
    const [write, other] = one.use === 'writes' ? [one, second] : [second, one];
    if (write.use !== 'writes') continue;
    if (before(write.u, other.u) || before(other.u, write.u)) continue;
    const witness = globsOverlap(write.glob, other.glob);
    if (witness === undefined || (other.use === 'reads' && mirrored(other.u, witness))) continue;
    const pair = [write.u, other.u].sort((a, b) => a - b).join();
    if (told.has(pair)) continue;
    told.add(pair);
    const [writer, toucher] = [briefs[write.u]!, briefs[other.u]!];
    const does = other.use === 'writes' ? 'also writes' : 'reads';
    problems.error(
      other.path,
      `\`${toucher.id}\` ${does} what \`${writer.id}\` writes, such as \`${witness}\`, and neither waits for the other. ` +
        'Let one need the other, or keep their paths apart.',
    );
  }
}

/**
 * Pairs of two briefs' patterns that could meet, in plan order: the fixed part of one begins with that of the other. In
 * sorted order those stand together, so that many patterns in separate places cost little.
 */
export function* mayMeet<P extends Pattern>(
  patterns: readonly P[],
): Generator<readonly [first: P, second: P]> {
  const sorted = [...patterns].sort((a, b) => (a.fixed < b.fixed ? -1 : a.fixed > b.fixed ? 1 : a.u - b.u));
  for (const [i, one] of sorted.entries()) {
    for (let j = i + 1; sorted[j]?.fixed.startsWith(one.fixed); j++) {
      const other = sorted[j]!;
      if (one.u !== other.u) yield one.u < other.u ? [one, other] : [other, one];
    }
  }
}

export function pattern(draft: Draft, written: Written, u: number): Pattern {
  const glob = renderStatic(draft, written.text) ?? written.text;
  const plain = glob.replace(/^(\.\/)+/, '');
  const fixed = plain.includes('..') ? '' : plain.slice(0, plain.search(/[*?[\]{}()\\!@+]|\/\/|\/\.\/|$/));
  return { u, path: written.path, glob, fixed };
}

/** A template that uses nothing but parameters and inputs, worked out; undefined where it uses more or fails. */
export function renderStatic(
  { params, inputs }: Pick<Draft, 'params' | 'inputs'>,
  template: string,
): string | undefined {
  try {
    const used = roots(templateReferences(template));
    if (used.some((root) => root !== 'params' && root !== 'inputs')) return undefined;
    return renderText(template, { params, inputs, needs: {} });
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
