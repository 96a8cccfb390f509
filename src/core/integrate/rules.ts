import type { Json, JsonObject } from '../outcome/canonical.js';
import type { Rule } from '../plan/integration.js';
import { instantIn, numberIn } from './quantities.js';

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
  /** The items that say it, where it is a field of items. */
  readonly items?: readonly JsonObject[];
}

/** What came of the rules: one claim stands, or all do; `rule` is absent where none of them decided. */
export interface Decision<R, C> {
  readonly rule?: R;
  readonly stands?: C;
}

/** What a judge chose, where one was asked and chose. */
export type Chosen<C> = (rule: JudgeRule) => C | undefined;
export type JudgeRule = Extract<Rule, { readonly kind: 'judge' }>;

/** Tries the rules in their order. What none decides is kept both ways. */
export function decide<R extends Rule, C extends Claim<unknown>>(
  rules: readonly R[],
  claims: readonly C[],
  chosen?: Chosen<C>,
): Decision<R, C> {
  for (const rule of rules) {
    if (rule.kind === 'keep-both' || rule.kind === 'fail') return { rule };
    const stands = standing(rule, claims, chosen);
    if (stands) return { rule, stands };
  }
  return {};
}

function standing<C extends Claim<unknown>>(
  rule: Rule,
  claims: readonly C[],
  chosen?: Chosen<C>,
): C | undefined {
  switch (rule.kind) {
    case 'prefer':
      return preferred(claims, (claim) => claim.by.some(({ brief }) => brief === rule.brief));
    case 'prefer-role':
      return preferred(claims, (claim) => claim.by.some(({ brief }) => rule.briefs.includes(brief)));
    case 'prefer-where':
      return rule.order
        .map((value) =>
          preferred(claims, ({ items = [] }) => items.some((item) => textOf(item[rule.field]) === value)),
        )
        .find((claim) => claim !== undefined);
    case 'majority':
      return majority(claims);
    case 'consensus':
      return most(claims, ({ by }) => (by.length >= rule.quorum ? by.length : undefined));
    case 'highest':
    case 'lowest':
      return extreme(rule, claims, numberIn);
    case 'newest':
    case 'oldest':
      return extreme(rule, claims, instantIn);
    case 'judge':
      return chosen?.(rule);
    case 'keep-both':
    case 'fail':
      return undefined;
  }
}

/** The claim that is preferred; none where nobody preferred said anything, or they disagree. */
function preferred<C>(claims: readonly C[], is: (claim: C) => boolean): C | undefined {
  const said = claims.filter(is);
  return said.length === 1 ? said[0] : undefined;
}

/** The claim with more than half of the voices: one voice for each source and value. */
function majority<C extends Claim<unknown>>(claims: readonly C[]): C | undefined {
  const voices = claims.reduce((sum, { by }) => sum + by.length, 0);
  return claims.find(({ by }) => 2 * by.length > voices);
}

/** The claim with most of something; none where two have as much, or none has any. */
function most<C>(claims: readonly C[], measure: (claim: C) => number | undefined): C | undefined {
  const measured = claims.flatMap((claim) => {
    const size = measure(claim);
    return size === undefined ? [] : [{ claim, size }];
  });
  const top = measured.reduce((max, { size }) => Math.max(max, size), Number.NEGATIVE_INFINITY);
  const first = measured.filter(({ size }) => size === top);
  return first.length === 1 ? first[0]!.claim : undefined;
}

function extreme<C extends Claim<unknown>>(
  { kind, field }: Rule & { readonly field: string },
  claims: readonly C[],
  read: (value: Json | undefined) => number | undefined,
): C | undefined {
  const sign = kind === 'highest' || kind === 'newest' ? 1 : -1;
  return most(claims, ({ items = [] }) => {
    const sizes = items.flatMap((item) => read(item[field]) ?? []).map((size) => sign * size);
    return sizes.length > 0 ? sizes.reduce((a, b) => Math.max(a, b)) : undefined;
  });
}

const textOf = (value: Json | undefined): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value);

/** As the plan writes it. */
export function ruleText(rule: Rule): string {
  switch (rule.kind) {
    case 'prefer':
      return `prefer ${rule.brief}`;
    case 'prefer-role':
      return `role ${rule.role}`;
    case 'prefer-where':
      return `prefer ${rule.field} ${rule.order.join(', ')}`;
    case 'consensus':
      return `consensus ${rule.quorum}`;
    case 'judge':
      return `judge ${rule.model}`;
    case 'highest':
    case 'lowest':
    case 'newest':
    case 'oldest':
      return `${rule.kind} ${rule.field}`;
    default:
      return rule.kind;
  }
}

interface SaidBy {
  readonly by: readonly string[];
}

/** Whether a value is among those that lost: nobody is on two sides. */
export function losers({ lost }: { readonly lost: readonly SaidBy[] }): (said: SaidBy) => boolean {
  const names = new Set(lost.map(({ by }) => by.join('\n')));
  return ({ by }) => names.has(by.join('\n'));
}
