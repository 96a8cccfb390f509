import { globsOverlap } from '../graph/conflicts.js';
import { precedes } from '../graph/dag.js';
import { Failure } from '../outcome/failure.js';
import { renderStatic } from '../plan/checks/overlaps.js';
import type { Brief, Plan } from '../plan/plan.js';

export type Verdict = 'parallel' | 'sequence' | 'needs coordination';

/** May two briefs run side by side? Three questions, each with what it rests on. */
export interface Independence {
  readonly briefs: readonly [string, string];
  /** Do both write the same file, or hold the same resource? */
  readonly writeTheSame: Answer;
  /** Does one need the other's output, directly or through others? */
  readonly needsOutput: Answer;
  /** Does one use something that the other has yet to make? Not where it waits for it, or mirrors a known pattern. */
  readonly usesNotYetMade: Answer;
  readonly verdict: Verdict;
  /** One sentence. */
  readonly because: string;
}
interface Answer {
  readonly yes: boolean;
  readonly evidence: readonly Evidence[];
}
export type Evidence =
  /** `path` is one that both globs name. */
  | { readonly kind: 'path'; readonly path: string; readonly by: readonly [Touch, Touch] }
  /** `together`: both fit at once. */
  | {
      readonly kind: 'resource';
      readonly resource: string;
      readonly capacity: number;
      readonly together: boolean;
    }
  /** From the brief that waits to the one waited for. */
  | { readonly kind: 'needs'; readonly path: readonly string[] }
  /** Why a path is no obstacle. */
  | { readonly kind: 'mirrors'; readonly brief: string; readonly path: string };
interface Touch {
  readonly brief: string;
  readonly does: 'reads' | 'writes';
  readonly glob: string;
}

/**
 * The independence test over the briefs of one plan; asked about a pair by ids.
 * @throws Failure `InvalidInput` for an id the plan does not have, or the same one twice.
 */
export function independence(plan: Plan): (a: string, b: string) => Independence {
  const place = new Map(plan.briefs.map(({ id }, u) => [id, u]));
  const before = precedes(plan.briefs.map(({ needs }) => needs.map((id) => place.get(id)!)));
  const waitsFor = (x: Brief, y: Brief) => before(place.get(y.id)!, place.get(x.id)!);
  const find = (id: string): Brief => {
    const u = place.get(id);
    if (u === undefined) throw new Failure('InvalidInput', `no brief is called \`${id}\` in this plan.`);
    return plan.briefs[u]!;
  };

  return (first, second) => {
    const [a, b] = [find(first), find(second)];
    if (a === b) throw new Failure('InvalidInput', `\`${first}\` is one brief: name two different ones.`);
    const chain = waitsFor(a, b)
      ? pathBetween(plan, a, b)
      : waitsFor(b, a)
        ? pathBetween(plan, b, a)
        : undefined;

    const same = [...samePaths(plan, [a, 'writes'], [b, 'writes']), ...sharedResources(plan, a, b)];
    const unmade = chain === undefined ? [...notYetMade(plan, a, b), ...notYetMade(plan, b, a)] : [];
    const answers = {
      writeTheSame: { yes: same.length > 0, evidence: same },
      needsOutput: {
        yes: chain !== undefined,
        evidence: chain ? [{ kind: 'needs' as const, path: chain }] : [],
      },
      usesNotYetMade: { yes: unmade.some(({ kind }) => kind === 'path'), evidence: unmade },
    };
    return { briefs: [first, second], ...answers, ...judge(a, b, answers) };
  };
}

function judge(
  { id: a }: Brief,
  { id: b }: Brief,
  {
    writeTheSame,
    needsOutput,
    usesNotYetMade,
  }: Pick<Independence, 'writeTheSame' | 'needsOutput' | 'usesNotYetMade'>,
): Pick<Independence, 'verdict' | 'because'> {
  const [needs] = needsOutput.evidence;
  if (needs?.kind === 'needs') {
    const [from, ...on] = needs.path;
    const through = on.length > 1 ? ` through \`${on.slice(0, -1).join('`, `')}\`` : '';
    return {
      verdict: 'sequence',
      because: `\`${from}\` needs \`${on.at(-1)}\`${through}, so it starts after it.`,
    };
  }
  const unmade = usesNotYetMade.evidence.find((e) => e.kind === 'path');
  if (unmade) {
    const [reader, writer] = unmade.by;
    return {
      verdict: 'sequence',
      because:
        `\`${reader.brief}\` reads what \`${writer.brief}\` has yet to write, such as \`${unmade.path}\`. ` +
        'Let it need it, or name the path under `mirrors` if its shape is known.',
    };
  }
  const path = writeTheSame.evidence.find((e) => e.kind === 'path');
  const lock = writeTheSame.evidence.find((e) => e.kind === 'resource' && !e.together);
  const pool = writeTheSame.evidence.find((e) => e.kind === 'resource');
  if (lock?.kind === 'resource') {
    const also = path ? `write the same, such as \`${path.path}\`, and ` : '';
    return {
      verdict: 'needs coordination',
      because: `Both ${also}hold \`${lock.resource}\`, so they go one at a time.`,
    };
  }
  if (path) {
    return {
      verdict: 'sequence',
      because: `Both write the same, such as \`${path.path}\`. Let one need the other, or keep their paths apart.`,
    };
  }
  if (pool?.kind === 'resource') {
    const because = `Both draw on \`${pool.resource}\`, of which there are ${pool.capacity}: enough for the two, not for any number.`;
    return { verdict: 'needs coordination', because };
  }
  const mirror = usesNotYetMade.evidence.find((e) => e.kind === 'mirrors');
  const known = mirror
    ? ` \`${mirror.brief}\` follows the known pattern of \`${mirror.path}\` without reading it.`
    : '';
  return {
    verdict: 'parallel',
    because: `\`${a}\` and \`${b}\` write nothing in common, share no resource, and neither waits for the other.${known}`,
  };
}

type Side = readonly [brief: Brief, does: Touch['does']];

/** One witness for each pair of globs that can name the same path. */
function samePaths(plan: Plan, [a, doesA]: Side, [b, doesB]: Side): (Evidence & { kind: 'path' })[] {
  const pairs = a[doesA].flatMap((one) => b[doesB].map((other) => [one, other] as const));
  return pairs.flatMap(([one, other]) => {
    const path = globsOverlap(renderStatic(plan, one) ?? one, renderStatic(plan, other) ?? other);
    if (path === undefined) return [];
    const by = [
      { brief: a.id, does: doesA, glob: one },
      { brief: b.id, does: doesB, glob: other },
    ] as const;
    return [{ kind: 'path', path, by }];
  });
}

/** What `reader` reads of what `writer` writes; a path it mirrors is evidence that nothing is amiss. */
function notYetMade(plan: Plan, reader: Brief, writer: Brief): Evidence[] {
  const mirrored = (path: string) =>
    reader.mirrors.some((glob) => globsOverlap(renderStatic(plan, glob) ?? glob, path) !== undefined);
  const read = samePaths(plan, [reader, 'reads'], [writer, 'writes']).filter(({ path }) => !mirrored(path));
  const follows = reader.mirrors.flatMap((glob) =>
    samePaths(plan, [{ ...reader, reads: [glob] }, 'reads'], [writer, 'writes']),
  );
  return [...read, ...follows.map(({ path }): Evidence => ({ kind: 'mirrors', brief: reader.id, path }))];
}

function sharedResources(plan: Plan, a: Brief, b: Brief): Evidence[] {
  return Object.entries(a.uses).flatMap(([resource, amount]): Evidence[] => {
    const other = b.uses[resource];
    if (other === undefined) return [];
    const capacity = plan.resources[resource] ?? 1;
    return [{ kind: 'resource', resource, capacity, together: amount + other <= capacity }];
  });
}

/** The shortest chain of needs from one brief to another it waits for. */
function pathBetween({ briefs }: Plan, from: Brief, to: Brief): string[] {
  const byId = new Map(briefs.map((brief) => [brief.id, brief]));
  const cameFrom = new Map<string, string | undefined>([[from.id, undefined]]);
  // A map is walked in order of insertion while it grows: breadth first.
  for (const id of cameFrom.keys()) {
    for (const need of byId.get(id)!.needs) if (!cameFrom.has(need)) cameFrom.set(need, id);
  }
  const path: string[] = [];
  for (let id: string | undefined = to.id; id !== undefined; id = cameFrom.get(id)) path.unshift(id);
  return path;
}
