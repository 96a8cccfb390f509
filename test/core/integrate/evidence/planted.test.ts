import { describe, expect, it } from 'vitest';
import { checkerOf } from '../../../../src/core/integrate/evidence/check.js';
import { ALTERED, type Planted, plantedIn, records, SUPPORTED } from './planted.js';
import type { SourceRecord } from './records/record.js';
import { unseen } from './records/unseen.js';

const SETS: readonly (readonly [name: string, records: readonly SourceRecord[]])[] = [
  ['the planted set, which was chosen before the code', records],
  ['a smaller set, which was written after it', unseen],
];

it('the planted set is made of at least 30 records and 300 statements, with every alteration among them', () => {
  const all = plantedIn(records);
  expect(records.length).toBeGreaterThanOrEqual(30);
  expect(all.length).toBeGreaterThanOrEqual(300);
  for (const one of [...SUPPORTED, ...ALTERED])
    expect(all.filter(({ alteration }) => alteration === one).length, one).toBeGreaterThan(7);
});

describe.each(SETS)('of %s', (name, set) => {
  const check = checkerOf(new Map(set.map(({ label, value }) => [label, [{ value }]])));
  const told = (one: Planted): string => {
    const findings = check(one).map(({ token, kind, why }) => `${kind} \`${token}\` ${why}`);
    return `${one.alteration} [${one.cites}]: ${one.text} <- ${findings.join('; ')}`;
  };
  const of = (alterations: readonly string[]) =>
    plantedIn(set).filter(({ alteration }) => alterations.includes(alteration));
  const isRefused = (one: Planted) => check(one).length > 0;

  it('every alteration is caught', () => {
    const altered = of(ALTERED);
    const missed = altered.filter((one) => !isRefused(one));
    console.log(`${name}: ${altered.length - missed.length} of ${altered.length} altered statements caught`);
    expect(missed.map(told)).toEqual([]);
  });

  it('at most 2 % are refused of what is supported, or merely written differently', () => {
    const supported = of(SUPPORTED);
    const refused = supported.filter(isRefused);
    console.log(`${name}: ${refused.length} of ${supported.length} supported statements refused`);
    expect(refused.length / supported.length, refused.map(told).join('\n')).toBeLessThanOrEqual(0.02);
  });
});
