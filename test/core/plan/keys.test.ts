import { describe, expect, it } from 'vitest';
import { effectKey, inputDigest } from '../../../src/core/plan/keys.js';
import { fakeDigest } from './support.js';

describe('the idempotency key of an effect', () => {
  const parts = { run: 'r', brief: 'b', input: 'i', generation: 0 };
  it('is the same for the same run, brief, instance, input and generation', () => {
    expect(effectKey({ ...parts }, fakeDigest)).toBe(effectKey(parts, fakeDigest));
  });
  it.each([{ run: 's' }, { brief: 'c' }, { key: 'k' }, { input: 'j' }, { generation: 1 }])(
    'is another for %j',
    (other) => {
      expect(effectKey({ ...parts, ...other }, fakeDigest)).not.toBe(effectKey(parts, fakeDigest));
    },
  );
});

describe('the digest of an input', () => {
  const work = { kind: 'run', argv: ['node', 'x'], okExit: [0] } as const;
  it('does not depend on the folder it runs in', () => {
    expect(inputDigest({ ...work, cwd: '/a' }, fakeDigest)).toBe(
      inputDigest({ ...work, cwd: '/b' }, fakeDigest),
    );
  });
  it('depends on every argument', () => {
    expect(inputDigest({ ...work, argv: ['node', 'y'] }, fakeDigest)).not.toBe(inputDigest(work, fakeDigest));
  });
});
