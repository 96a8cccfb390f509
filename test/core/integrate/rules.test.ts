import { describe, expect, it } from 'vitest';
import { type Claim, decide, ruleText } from '../../../src/core/integrate/rules.js';
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
