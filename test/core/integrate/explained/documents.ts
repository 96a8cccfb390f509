import { startsEarly, TRIGGER_RULES } from '../../../../src/core/graph/triggerRules.js';

type Json = { readonly [key: string]: unknown };

/** A plan as a person could have written it: joins, fans, pairs, priorities, resources, waves. `draw(n)` is from 0 to below `n`. */
export function randomDocument(draw: (n: number) => number): Json {
  const chance = (percent: number) => draw(100) < percent;
  const pick = <T>(of: readonly T[]): T => of[draw(of.length)]!;
  const size = 2 + draw(9);
  const fans = new Set(Array.from({ length: size }, (_, u) => u).filter(() => chance(35)));
  /** Who may take the rest away needs to be the only one that waits for it. */
  const waitedFor = new Map<number, number>();
  const needsOf = Array.from({ length: size }, (_, u) =>
    Array.from({ length: u }, (_, need) => need).filter(() => chance(28)),
  );
  for (const need of needsOf.flat()) waitedFor.set(need, (waitedFor.get(need) ?? 0) + 1);

  const awaited = (need: number): string | Json => {
    const rule = pick(TRIGGER_RULES);
    if (chance(30)) return rule;
    const by = chance(50) ? { by: `${1 + draw(4)}s` } : {};
    const when = fans.has(need) && chance(60) ? { atLeast: pick([1, 2, 0.5, 0.9]) } : { rule };
    const early = 'atLeast' in when || 'by' in by || (rule !== 'always' && startsEarly(rule));
    const rest = early && waitedFor.get(need) === 1 && chance(50) ? { rest: 'cancel' } : {};
    return { ...when, ...by, ...rest };
  };

  const briefs = needsOf.map((of, u): Json => {
    const paired = fans.has(u) ? of.find((need) => fans.has(need) && chance(50)) : undefined;
    const source = of.find((need) => need !== paired && !fans.has(need));
    const named = of.filter((need) => need !== paired && chance(30));
    const optional = of.filter(
      (need) => need !== paired && !named.includes(need) && need !== source && chance(15),
    );
    const needs = of.filter((need) => !optional.includes(need));
    const over =
      paired !== undefined
        ? { each: `b${paired}` }
        : source !== undefined && chance(50)
          ? { in: `b${source}.output`, max: 4 }
          : { in: Array.from({ length: 2 + draw(3) }, (_, k) => `i${k}`) };
    return {
      id: `b${u}`,
      run: ['node', 'x.mjs'],
      ...(needs.length > 0 && { needs: needs.map((need) => `b${need}`) }),
      ...(optional.length > 0 && { optional: optional.map((need) => `b${need}`) }),
      ...(needs.length > 0 && chance(30) && { join: pick(TRIGGER_RULES) }),
      ...(named.length > 0 && {
        await: Object.fromEntries(named.map((need) => [`b${need}`, awaited(need)])),
      }),
      ...(fans.has(u) && { forEach: over }),
      ...(chance(20) && { priority: pick(['high', 'low']) }),
      ...(chance(30) && { uses: { [pick(['books', 'browser'])]: 1 } }),
    };
  });
  return {
    muster: 1,
    name: 'random',
    brief: 'Do it.',
    limits: { concurrency: 1 + draw(5) },
    resources: { books: 1, browser: 2 },
    waves: chance(70) ? 'rolling' : 'barrier',
    onFailure: chance(15) ? 'stop' : 'continue',
    briefs,
  };
}
