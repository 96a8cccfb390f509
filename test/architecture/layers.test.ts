import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** Forbidden imports, each with the rule that must find it: [file it would stand in, what it imports, rule]. */
const PLANTED: readonly (readonly [file: string, imports: string, rule: string])[] = [
  ['src/core/graph', 'node:fs', 'core-is-pure'],
  ['src/core/plan', '@temporalio/common', 'core-knows-no-temporal'],
  ['src/core/graph', '../plan/plan.js', 'graph-is-ground'],
  ['src/core/outcome', '../plan/plan.js', 'outcome-is-ground'],
  ['src/core/files', '../plan/plan.js', 'files-is-ground'],
  ['src/core/govern', '../outcome/outcome.js', 'govern-is-ground'],
  ['src/core/schedule', '../plan/plan.js', 'schedule-on-ground'],
  ['src/core/plan', '../schedule/state.js', 'plan-on-ground'],
  ['src/core/integrate', '../explain/progress.js', 'integrate-below-nothing'],
  ['src/core/explain', '../integrate/ledger.js', 'explain-below-nothing'],
  ['src/core/schedule', '../../contracts/unit.js', 'core-stands-alone'],
  ['src/ports', '../engine/log.js', 'ports-speak-domain'],
  ['src/contracts', '../engine/log.js', 'contracts-are-types'],
  ['src/engine', '../adapters/digest.js', 'engine-without-temporal'],
  ['src/engine', '@temporalio/activity', 'core-knows-no-temporal'],
  ['src/workflows', '../core/plan/plan.js', 'workflows-in-the-sandbox'],
  ['src/workflows', 'zod', 'workflows-only-workflow-sdk'],
  ['src/adapters', '../engine/log.js', 'adapters-serve-ports'],
  ['src/activities', '../adapters/digest.js', 'activities-at-the-edge'],
  ['src/temporal', '../engine/log.js', 'temporal-from-outside'],
  ['src/cli', '../engine/log.js', 'faces-know-no-insides'],
  ['src/engine', '../cli/main.js', 'nothing-knows-the-faces'],
  ['src/adapters', 'fast-check', 'no-dev-dependencies'],
];

describe('the layers', () => {
  const planted: string[] = [];
  afterAll(() => {
    for (const file of planted) rmSync(file, { force: true });
  });

  it('bite: each planted import is found, type-only imports included, by the rule made for it', async () => {
    const files = PLANTED.map(([folder, imports], n) => {
      const file = join(folder, `planted${n}.ts`);
      planted.push(join(root, file));
      writeFileSync(
        join(root, file),
        `import type * as planted from '${imports}';\nexport type P = typeof planted;\n`,
      );
      return file;
    });
    const { summary } = await cruise(files);
    const found = summary.violations.map(({ from, rule }) => `${from} ${rule.name}`);
    for (const [n, [, , rule]] of PLANTED.entries()) expect(found).toContain(`${files[n]} ${rule}`);
    for (const file of planted) rmSync(file, { force: true });
  });
});

async function cruise(
  files: readonly string[],
): Promise<{ summary: { violations: { from: string; rule: { name: string } }[] } }> {
  const folder = mkdtempSync(join(tmpdir(), 'muster-layers-'));
  const out = join(folder, 'found.json');
  try {
    await run(
      process.execPath,
      ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', ...files, '-T', 'json', '-f', out],
      {
        cwd: root,
      },
    ).catch(() => {});
    return JSON.parse(readFileSync(out, 'utf8'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
