import { describe, expect, it } from 'vitest';
import { type Claim, decide, ruleText } from '../../../src/core/integrate/rules.js';
import type { JsonObject } from '../../../src/core/outcome/canonical.js';
import type { Rule } from '../../../src/core/plan/integration.js';

/** `a` or `dig[x]`. */
const claim = (value: string, ...by: readonly string[]): Claim => ({
  value,
  by: by.map((label) => ({ label, brief: label.replace(/\[.*/, '') })),
});
const prefer = (brief: string): Rule => ({ kind: 'prefer', brief });
const majority: Rule = { kind: 'majority' };
const keepBoth: Rule = { kind: 'keep-both' };

describe('decide', () => {
  it.each<[string, readonly Rule[], readonly Claim[], string | undefined, string | undefined]>([
    [
      'the preferred brief wins against any number',
      [prefer('a')],
      [claim('x', 'b', 'c', 'd'), claim('y', 'a')],
      'prefer a',
      'y',
    ],
    [
      'what briefs of a preferred role say wins, where they agree',
      [{ kind: 'prefer-role', role: 'reviewer', briefs: ['a', 'b'] }],
      [claim('x', 'c', 'd', 'e'), claim('y', 'a', 'b')],
      'role reviewer',
      'y',
    ],
    [
      'briefs of a preferred role that disagree leave it to the next rule',
      [{ kind: 'prefer-role', role: 'reviewer', briefs: ['a', 'b'] }, majority],
      [claim('x', 'a', 'c', 'd'), claim('y', 'b')],
      'majority',
      'x',
    ],
    [
      'a preferred brief that said nothing leaves it to the next rule',
      [prefer('z'), majority],
      [claim('x', 'a', 'b'), claim('y', 'c')],
      'majority',
      'x',
    ],
    [
      'instances of the preferred brief that disagree leave it to the next rule',
      [prefer('dig'), majority],
      [claim('x', 'dig[1]', 'a'), claim('y', 'dig[2]')],
      'majority',
      'x',
    ],
    [
      'instances of the preferred brief that agree win',
      [prefer('dig')],
      [claim('x', 'a', 'b', 'c'), claim('y', 'dig[1]', 'dig[2]')],
      'prefer dig',
      'y',
    ],
    ['more than half is a majority', [majority], [claim('x', 'a'), claim('y', 'b', 'c')], 'majority', 'y'],
    ['half is none', [majority], [claim('x', 'a', 'b'), claim('y', 'c', 'd')], undefined, undefined],
    [
      'the largest part below half is none',
      [majority],
      [claim('x', 'a', 'b'), claim('y', 'c'), claim('z', 'd')],
      undefined,
      undefined,
    ],
    [
      'a source that says two things has two voices',
      [majority],
      [claim('x', 'a'), claim('y', 'a')],
      undefined,
      undefined,
    ],
    [
      'keep-both ends the search',
      [keepBoth, prefer('a')],
      [claim('x', 'a'), claim('y', 'b')],
      'keep-both',
      undefined,
    ],
    [
      'the first rule that decides does',
      [majority, prefer('c')],
      [claim('x', 'a', 'b'), claim('y', 'c')],
      'majority',
      'x',
    ],
    ['no rule, no decision', [], [claim('x', 'a'), claim('y', 'b')], undefined, undefined],
  ])('%s', (_, rules, claims, rule, stands) => {
    const decision = decide(rules, claims);
    expect(decision.rule && ruleText(decision.rule)).toBe(rule);
    expect(decision.stands?.value).toBe(stands);
  });
});

describe('rules that look at another field of the items', () => {
  const rated = (value: string, by: string, item: JsonObject): Claim => ({
    ...claim(value, by),
    items: [item],
  });

  it.each<[string, readonly Rule[], readonly JsonObject[], string, string | undefined]>([
    [
      'the highest number',
      [{ kind: 'highest', field: 'sure' }],
      [{ sure: 0.4 }, { sure: '0.9' }],
      'highest sure',
      'y',
    ],
    [
      'the lowest number',
      [{ kind: 'lowest', field: 'sure' }],
      [{ sure: 0.4 }, { sure: 0.9 }],
      'lowest sure',
      'x',
    ],
    [
      'one that has a number goes before one that has none',
      [{ kind: 'highest', field: 'sure' }],
      [{ sure: 'quite' }, { sure: 0.1 }],
      'highest sure',
      'y',
    ],
    [
      'two as high leave it to the next rule',
      [{ kind: 'highest', field: 'sure' }],
      [{ sure: 1 }, { sure: 1 }],
      '',
      undefined,
    ],
    [
      'the latest date, of whatever precision and zone',
      [{ kind: 'newest', field: 'asOf' }],
      [{ asOf: '2024-03-01T00:30:00+02:00' }, { asOf: '2024-03-01' }],
      'newest asOf',
      'y',
    ],
    [
      'the earliest date',
      [{ kind: 'oldest', field: 'asOf' }],
      [{ asOf: '2024' }, { asOf: '2024-02' }],
      'oldest asOf',
      'x',
    ],
    [
      'what is no date has none',
      [{ kind: 'newest', field: 'asOf' }],
      [{ asOf: 'soon' }, { asOf: 3 }],
      '',
      undefined,
    ],
    [
      'the first value of a list that any item has',
      [{ kind: 'prefer-where', field: 'source', order: ['official', 'press'] }],
      [{ source: 'press' }, { source: 'official' }],
      'prefer source official, press',
      'y',
    ],
  ])('%s', (_, rules, [x, y], rule, stands) => {
    const claims = [rated('x', 'a', x ?? {}), rated('y', 'b', y ?? {})];
    const decision = decide(rules, claims);
    expect(decision.stands?.value).toBe(stands);
    expect(decision.rule ? ruleText(decision.rule) : '').toBe(stands === undefined ? '' : rule);
  });

  it.each<[number, readonly Claim[], string | undefined]>([
    [2, [claim('x', 'a', 'b'), claim('y', 'c')], 'x'],
    [3, [claim('x', 'a', 'b'), claim('y', 'c')], undefined],
    [2, [claim('x', 'a', 'b'), claim('y', 'c', 'd')], undefined],
    [2, [claim('x', 'a', 'b', 'e'), claim('y', 'c', 'd')], 'x'],
  ])('consensus of %i', (quorum, claims, stands) => {
    expect(decide([{ kind: 'consensus', quorum }], claims).stands?.value).toBe(stands);
  });
});
