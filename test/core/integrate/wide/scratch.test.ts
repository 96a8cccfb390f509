import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../../../src/adapters/digest.js';
import { fileScratch } from '../../../../src/adapters/scratch.js';
import type { Output } from '../../../../src/core/integrate/merge/merged.js';
import { merge } from '../../../../src/core/integrate/merge.js';
import type { Merge } from '../../../../src/core/plan/integration.js';
import { mergingPlan, output } from '../support.js';

const folder = mkdtempSync(join(tmpdir(), 'muster-scratch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('scratch in a file', () => {
  it('gives back every text as it was, however much is held and read at a time, in any order', () => {
    const anyText = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(anyText, { maxLength: 30 }),
        fc.array(fc.nat(29), { maxLength: 60 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 100 }),
        (texts, order, held, window) => {
          const scratch = fileScratch(folder, held, window);
          try {
            const slots = texts.map((text, n) => {
              const slot = scratch.add(text);
              // What was just written is read between others.
              if (n % 3 === 0) expect(scratch.read(slot)).toBe(text);
              return slot;
            });
            for (const n of order) if (n < texts.length) expect(scratch.read(slots[n]!)).toBe(texts[n]);
          } finally {
            scratch.close();
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('has no name in its folder while it is in use, so nothing stays of who is killed', () => {
    const place = join(folder, 'deep', 'er');
    const scratch = fileScratch(place, 10);
    scratch.add('more than is held at a time');
    expect(readdirSync(place)).toEqual([]);
    scratch.close();
  });

  it('makes no file for what is small', () => {
    const place = join(folder, 'none');
    const scratch = fileScratch(place);
    scratch.add('small');
    scratch.close();
    expect(existsSync(place)).toBe(false);
  });

  it('that cannot be written says which folder it is', () => {
    const scratch = fileScratch('/dev/null/nowhere', 1);
    expect(() => scratch.add('something')).toThrow(/nowhere/);
  });
});

describe('merging what lies in a file', () => {
  const field = fc.oneof(
    fc.constantFrom<(string | number | null)[]>('MIT', 'mit', 'BSL', 3, '3', null),
    fc.constantFrom('a'.repeat(300), `${'a'.repeat(299)}b`),
  );
  const row = fc.record(
    { vendor: fc.constantFrom('x', 'y', 'z', 'long '.repeat(60)), licence: field, note: field },
    { requiredKeys: [] },
  );
  const outputs = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.array(row, { maxLength: 6 })), {
    maxLength: 8,
  });
  const entry: fc.Arbitrary<Partial<Merge>> = fc.constantFrom<Partial<Merge>[]>(
    {},
    { key: [] },
    { match: 'normalised', conflicts: [{ kind: 'majority' }] },
    { key: [], match: 'normalised', near: 0.6 },
    { deep: true },
    { deep: true, key: [] },
    { group: ['licence'], rank: { by: 'note', order: 'descending', top: 3 } },
    { conflicts: [{ kind: 'prefer', brief: 'b' }, { kind: 'fail' }] },
  );

  it('comes to the same as in memory, to the byte, whatever names are kept by digest', async () => {
    await fc.assert(
      fc.asyncProperty(outputs, entry, fc.integer({ min: 1, max: 400 }), async (said, how, held) => {
        const plan = await mergingPlan(['a', 'b'], how);
        const all = said.map(([id, rows], k): Output => output(id, { rows }, `${k}`));
        const scratch = fileScratch(folder, held, held);
        try {
          const beside = merge(plan, all, {}, { scratch, digest: sha256 });
          expect(JSON.stringify(beside)).toBe(JSON.stringify(merge(plan, all)));
        } finally {
          scratch.close();
        }
      }),
      { numRuns: 200 },
    );
  });
});
