import type { Json } from '../outcome/canonical.js';
import type { Brief, Plan } from '../plan/plan.js';
import type { ClosingNote } from '../schedule/closing.js';
import type { Coverage } from './checks/finding.js';
import { sourcesOf } from './checks/sources.js';
import { isByHand } from './derive.js';
import { briefOf, type Expected, labelOf } from './expected.js';
import type { Draft } from './report.js';
import { pathOf } from './select.js';
import type { SentBack } from './sentBack.js';
import { authorsOf } from './statements.js';
import { unsupportedInWords } from './support.js';
import { cut, inWords } from './words.js';

/*
 * To whom it is sent back that a requirement is not met.
 *  1. To those who said what is found wrong, where that is known, and of what they said alone; else to the briefs that feed
 *     the place, but not to all instances of a fan-out. What nobody could judge is sent back to nobody.
 *  2. Only what may be done once more is: a brief that asks, runs or calls, and that leaves nothing behind which must not be
 *     there twice; and the same of all that is made from what it delivered, and waits for it as long as it takes.
 *  3. Nothing that somebody skipped. What was skipped because of another is for that one to mend.
 */

const MOST = 50;
const FINDINGS = 5;
const FINDING = 500;

export function sentBackOf(
  draft: Draft,
  requirements: readonly Coverage[],
  expected: readonly Expected[],
  note?: ClosingNote,
): readonly SentBack[] {
  const findings = new Map<string, string[]>();
  const culprits = culpritsIn(draft);
  for (const coverage of requirements.filter((one) => canBeMended(one, draft)))
    for (const [said, finding] of blamed(coverage, draft)) {
      const label = culprits.get(said) ?? said;
      const all = findings.get(label) ?? [];
      if (all.length < FINDINGS) findings.set(label, [...all, cut(`${coverage.says} ${finding}`, FINDING)]);
    }
  if (findings.size === 0) return [];
  const ready = repeatable(draft.plan);
  return expected
    .flatMap((one): SentBack[] => {
      const label = labelOf(one);
      const found = findings.get(label);
      if (!found || !ready.has(one.brief) || isByHand(one, note)) return [];
      return [{ u: one.u, ...(one.k !== undefined && { k: one.k }), label, findings: found }];
    })
    .slice(0, MOST);
}

/** Of what was skipped: because of whom. */
const culpritsIn = ({ ledger }: Draft): ReadonlyMap<string, string> =>
  new Map(
    ledger.flatMap((row) =>
      row.status === 'skipped' && row.because !== undefined ? [[labelOf(row), row.because]] : [],
    ),
  );

/** It was judged, and found wrong by what is there or is not: not by a check that could not be made. */
function canBeMended({ id, status, lacking }: Coverage, { plan }: Draft): boolean {
  if (status === 'contradicted' || lacking !== undefined) return true;
  return status === 'missing' && plan.requirements.find((one) => one.id === id)?.check?.kind === 'count';
}

/** Labels, each with what is wrong. */
function blamed(coverage: Coverage, draft: Draft): readonly (readonly [string, string])[] {
  const { unsupported, at, wouldHaveComeFrom, evidence } = coverage;
  const { merged, plan, provenance } = draft;
  const told = (path: string, sayOf: (value: Json) => string) =>
    [...pathOf(path).places(merged.data)].flatMap((place) =>
      authorsOf(place, merged.data, plan, provenance.items).map(
        (label) => [label, sayOf(place.value)] as const,
      ),
    );
  if (unsupported)
    return unsupported.flatMap((one) => told(one.at, () => `Not borne out: ${unsupportedInWords(one)}.`));
  if (at)
    return at.flatMap((path) =>
      told(path, (value) => `At ${path} stands "${inWords(value).replace(/\s+/g, ' ')}".`),
    );
  const labels = wouldHaveComeFrom ?? feeders(coverage, draft);
  return [...new Set(labels)].map((label) => [label, evidence] as const);
}

/** Briefs that feed the place that a requirement looks at, but for fan-outs; where it looks at all, those whose output counts. */
function feeders({ id }: Coverage, { plan }: Draft): readonly string[] {
  const check = plan.requirements.find((one) => one.id === id)?.check;
  const place = check && 'in' in check ? check.in : undefined;
  const { merge } = plan.integrate;
  const counted = merge.length > 0 ? merge.flatMap(({ from }) => from) : plan.briefs.map((brief) => brief.id);
  const ids = place === undefined || place === '$' ? counted : [...sourcesOf(plan, place)];
  const fans = new Set(plan.briefs.flatMap((brief) => (brief.forEach ? [brief.id] : [])));
  return ids.filter((label) => !fans.has(briefOf(label)));
}

/** Ids of briefs that may be carried out once more, with all that is made from what they deliver. */
function repeatable({ briefs }: Plan): ReadonlySet<string> {
  const held = new Set(briefs.flatMap((brief) => (isPlain(brief) ? [] : [brief.id])));
  // Whoever is not plain, or is made anew for each item, or waits for others by a clock, holds all that it is made from.
  const left = briefs.filter((brief) => !isPlain(brief) || brief.forEach || brief.awaits);
  const byId = new Map(briefs.map((brief) => [brief.id, brief]));
  const seen = new Set(left.map(({ id }) => id));
  for (let one = left.pop(); one; one = left.pop())
    for (const need of one.needs) {
      held.add(need);
      const brief = byId.get(need);
      if (brief && !seen.has(need)) {
        seen.add(need);
        left.push(brief);
      }
    }
  return new Set(briefs.flatMap(({ id }) => (held.has(id) ? [] : [id])));
}

const PLAIN: ReadonlySet<Brief['executor']['kind']> = new Set(['ask', 'run', 'call']);
const isPlain = ({ executor, effect, workspace }: Brief): boolean =>
  PLAIN.has(executor.kind) && effect !== 'once' && workspace === undefined;
