import type { Json } from '../outcome/canonical.js';
import type { FileRule, Rule } from '../plan/integration.js';

/** Who says something: one brief, or one instance of a fan. */
export interface Voice {
  readonly brief: string;
  /** `dig`, or `dig[pricing]`. */
  readonly label: string;
}

/** One of several values that differ, and everyone who said it, each named once, in plan order. */
export interface Claim<T = Json> {
  readonly value: T;
  readonly by: readonly Voice[];
}

/** What came of the rules: one claim stands, or all do; `rule` is absent where none of them decided. */
export interface Decision<R, C> {
  readonly rule?: R;
  readonly stands?: C;
}

/** Tries the rules in their order. What none decides is kept both ways. */
export function decide<R extends Rule | FileRule, C extends Claim<unknown>>(
  rules: readonly R[],
  claims: readonly C[],
): Decision<R, C> {
  for (const rule of rules) {
    if (rule.kind === 'keep-both' || rule.kind === 'fail') return { rule };
    const stands = rule.kind === 'prefer' ? preferred(rule.brief, claims) : majority(claims);
    if (stands) return { rule, stands };
  }
  return {};
}

/** The claim of the preferred brief; none where it said nothing, or where its own instances disagree. */
function preferred<C extends Claim<unknown>>(brief: string, claims: readonly C[]): C | undefined {
  const said = claims.filter(({ by }) => by.some((voice) => voice.brief === brief));
  return said.length === 1 ? said[0] : undefined;
}

/** The claim with more than half of the voices: one voice for each source and value. */
function majority<C extends Claim<unknown>>(claims: readonly C[]): C | undefined {
  const voices = claims.reduce((sum, { by }) => sum + by.length, 0);
  return claims.find(({ by }) => 2 * by.length > voices);
}

/** As the plan writes it. */
export const ruleText = (rule: Rule | FileRule): string =>
  rule.kind === 'prefer' ? `prefer ${rule.brief}` : rule.kind;

interface SaidBy {
  readonly by: readonly string[];
}

/** Whether a value is among those that lost: nobody is on two sides. */
export function losers({ lost }: { readonly lost: readonly SaidBy[] }): (said: SaidBy) => boolean {
  const names = new Set(lost.map(({ by }) => by.join('\n')));
  return ({ by }) => names.has(by.join('\n'));
}
