import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandEnv } from '../../../src/adapters/executors/commandEnv.js';
import { runExecutor } from '../../../src/adapters/executors/run.js';
import { ANYTHING, node, taskFor, textIn } from './task.js';

const MOST = 32 * 1024;
const told = (findings: readonly string[]): string =>
  commandEnv({}, [], taskFor(node('', { findings }))).MUSTER_FINDINGS!;

describe('what was wrong before, as a command is told it', () => {
  it('is all of it, or the last of it that fits 32 KiB', () => {
    const finding = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme', maxLength: 500 }),
      fc.integer({ min: 1, max: 40_000 }).map((n) => 'é'.repeat(n)),
    );
    fc.assert(
      fc.property(fc.array(finding, { maxLength: 80 }), (findings) => {
        const text = told(findings);
        const kept = JSON.parse(text) as string[];
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST);
        expect(kept).toEqual(findings.slice(findings.length - kept.length));
        const more = findings.slice(findings.length - kept.length - 1);
        if (kept.length < findings.length)
          expect(Buffer.byteLength(JSON.stringify(more))).toBeGreaterThan(MOST);
      }),
    );
  });

  it('keeps no command from being started, however much it was', async () => {
    const findings = Array.from({ length: 1000 }, (_, n) => `${n} ${'x'.repeat(500)}`);
    const run = runExecutor({ policy: ANYTHING, env: { PATH: process.env.PATH } });
    const effect = await run(
      taskFor(node('process.stdout.write(JSON.parse(process.env.MUSTER_FINDINGS).at(-1))', { findings })),
    );
    expect(textIn(effect)).toBe(findings.at(-1));
  });
});
