import { canonical, type Json } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';
import type { Brief, Difference, Patch, Plan } from './plan.js';

/*
 * A patch is the plan of a run as somebody wants it to go on from here.
 *  1. Every brief keeps its place, for that is its number `u`; new ones come after, and one that is taken out stays where
 *     it was, `removed`: nothing vanishes from the ledger.
 *  2. The question, its params and inputs stay as the run began with them, and what was said then in place of the file.
 */

/** Of the plan, beside its briefs, what may differ. */
const OPEN = [
  'requirements',
  'limits',
  'waves',
  'onFailure',
  'resources',
  'models',
  'prices',
  'roles',
  'inputs',
  'integrate',
  'base',
] as const satisfies readonly (keyof Plan)[];

/**
 * The plan that a run goes on with, as the edited plan says.
 * @throws Failure `InvalidInput` where the edited plan is another question's, or brings back what was taken out
 */
export function patchPlan(old: Plan, edited: Plan, made: Pick<Patch, 'run' | 'from' | 'at'>): Plan {
  const now = new Map(edited.briefs.map((brief) => [brief.id, brief]));
  const kept = old.briefs.map((brief) => now.get(brief.id) ?? takenOut(brief));
  const before = new Set(old.briefs.map(({ id }) => id));
  const briefs = [...kept, ...edited.briefs.filter(({ id }) => !before.has(id))];
  const said = old.source?.concurrency;
  const open = Object.fromEntries(OPEN.flatMap((key) => (key in edited ? [[key, edited[key]]] : [])));
  const next = {
    ...{ ...old, ...open, briefs },
    name: edited.name,
    brief: edited.brief,
    params: edited.params,
    ...sourceOf(old, edited),
    limits: { ...edited.limits, ...(said !== undefined && { concurrency: said }) },
    inputs: { ...edited.inputs, ...shared(old.inputs, edited.inputs) },
    ...(old.base && { base: old.base }),
  };
  const difference = differenceOf(old, next);
  return { ...next, patches: [...(old.patches ?? []), { ...made, ...difference }] };
}

/**
 * What of a plan a patch of it changes.
 * @throws Failure `InvalidInput` where it is no patch of that plan
 */
export function differenceOf(old: Plan, next: Plan): Difference {
  for (const key of ['name', 'brief', 'folder'] as const)
    if (!same(old[key], next[key])) throw otherQuestion(key);
  for (const [name, value] of Object.entries(old.params))
    if (!same(value, next.params[name])) throw otherQuestion(`params.${name}`);
  for (const [name, files] of Object.entries(old.inputs))
    if (name in next.inputs && !same(files, next.inputs[name])) throw otherQuestion(`inputs.${name}`);
  if (old.base && !same(old.base, next.base)) throw otherQuestion('base');
  const briefs = old.briefs.map((brief, u) => [brief, next.briefs[u]] as const);
  const astray = briefs.find(([brief, now]) => brief.id !== now?.id);
  if (astray) throw new Failure('InvalidInput', `\`${astray[0].id}\` has lost its place in the plan.`);
  const again = briefs.find(([brief, now]) => brief.removed && !now!.removed);
  if (again)
    throw new Failure(
      'InvalidInput',
      `\`${again[0].id}\` was taken out of this run before, and its row stays in the ledger. Give the new brief another id.`,
    );
  return {
    added: next.briefs.slice(old.briefs.length).map(({ id }) => id),
    changed: briefs.flatMap(([brief, now]) => {
      const keys = now!.removed ? [] : differing(brief, now!);
      return keys.length > 0 ? [{ id: brief.id, keys }] : [];
    }),
    removed: briefs.flatMap(([brief, now]) => (now!.removed && !brief.removed ? [brief.id] : [])),
    plan: OPEN.filter((key) => !same(old[key], next[key])),
  };
}

/** Whether a run that goes by the first goes by the second already: over the same files, a patch would change nothing. */
export function isAsIn(plan: Plan, edited: Plan): boolean {
  if ((['folder', 'inputs', 'base'] as const).some((key) => !same(plan[key], edited[key]))) return false;
  try {
    return isNothing(differenceOf(plan, patchPlan(plan, edited, NOBODY)));
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
const NOBODY = { run: '', from: '', at: 0 };

export const isNothing = ({ added, changed, removed, plan }: Difference): boolean =>
  [added, changed, removed, plan].every(({ length }) => length === 0);

/** Needs nothing, holds nothing and is needed by nobody: what it used may be gone from the plan. */
function takenOut({ join: _, awaits: __, forEach: ___, expects: ____, ...brief }: Brief): Brief {
  return { ...brief, needs: [], context: [], uses: {}, removed: true };
}

/** Keys as they are written in a plan. */
function differing(a: Brief, b: Brief): readonly string[] {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]) as Set<keyof Brief>;
  const names = [...keys].filter((key) => !same(a[key], b[key])).map((key) => written(key, b));
  return [...new Set(names)].sort();
}

function written(key: keyof Brief, { executor }: Brief): string {
  if (key === 'executor') return executor.kind;
  if (key === 'awaits') return 'await';
  if (key === 'okExit' || key === 'allowDash') return key;
  return key.replace(/Ms$/, '');
}

/** Whoever reads the plan again reads the file that it was last read from. */
function sourceOf(old: Plan, edited: Plan): Pick<Plan, 'source'> {
  const source = old.source ?? edited.source;
  if (!source) return {};
  const { file } = edited.source ?? source;
  return { source: { ...source, file, params: { ...added(old, edited), ...source.params } } };
}

/** Params that only the second has: whoever reads the plan file again is to give them as well. */
const added = (old: Plan, edited: Plan): Plan['params'] =>
  Object.fromEntries(Object.entries(edited.params).filter(([name]) => !(name in old.params)));

/** Of the inputs that both have, what the first has. */
const shared = (old: Plan['inputs'], edited: Plan['inputs']): Plan['inputs'] =>
  Object.fromEntries(Object.entries(old).filter(([name]) => name in edited));

const same = (a: unknown, b: unknown): boolean =>
  (a === undefined && b === undefined) ||
  (a !== undefined && b !== undefined && canonical(a as Json) === canonical(b as Json));

const otherQuestion = (key: string): Failure =>
  new Failure(
    'InvalidInput',
    `\`${key}\` differs from that of the run, and a patch leaves it as it is: what has begun was begun for that. Start another run for another question.`,
  );
