import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { silent } from '../support/silent.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const FORBIDDEN = /node_modules\/(zod|openai|yaml|ajv|liquidjs|@bufbuild\/cel)\//;

/** Names of the modules in a workflow bundle, from its source map comments. */
async function modulesOf(workflowsPath: string): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: silent });
  const map = Buffer.from(code.slice(code.lastIndexOf('base64,') + 7), 'base64').toString();
  return (JSON.parse(map) as { sources: string[] }).sources.join('\n');
}

describe('what runs in the sandbox', () => {
  it('the check finds a planted zod', async () => {
    expect(await modulesOf(join(root, 'test/architecture/planted/workflows.ts'))).toMatch(FORBIDDEN);
  });

  it('the workflows bundle with no allow-list, and hold no zod, no openai and no node built-in', async () => {
    const modules = await modulesOf(join(root, 'src/workflows/index.ts'));
    expect(modules).toContain('src/workflows/run.ts');
    expect(modules).not.toMatch(FORBIDDEN);
  });
});

describe('core', () => {
  it('bundles for a browser: no node built-in, however far down', async () => {
    const files = readdirSync(join(root, 'src/core'), { recursive: true, encoding: 'utf8' }).filter((f) =>
      f.endsWith('.ts'),
    );
    expect(files.length).toBeGreaterThan(20);
    const { errors } = await build({
      entryPoints: files.map((f) => join(root, 'src/core', f)),
      bundle: true,
      write: false,
      outdir: 'unused',
      platform: 'browser',
      format: 'esm',
      logLevel: 'silent',
    });
    expect(errors).toEqual([]);
  });

  it('asks no clock, no chance and no environment', () => {
    const core = join(root, 'src/core');
    const asking = readdirSync(core, { recursive: true, encoding: 'utf8' })
      .filter((f) => f.endsWith('.ts'))
      .filter((f) =>
        /Date\.now|new Date\(\)|Math\.random|process\.|crypto\.|performance\.now/.test(
          readFileSync(join(core, f), 'utf8'),
        ),
      );
    expect(asking).toEqual([]);
  });
});

/** Packages that come with a module when it is loaded, by its imports and theirs; what is imported when it is called is not. */
async function packagesWith(...entryPoints: readonly string[]): Promise<readonly string[]> {
  const { metafile } = await build({
    entryPoints: [...entryPoints],
    absWorkingDir: root,
    bundle: true,
    write: false,
    outdir: 'unused',
    packages: 'external',
    platform: 'node',
    format: 'esm',
    metafile: true,
  });
  const packages = new Set<string>();
  const modules = new Set(entryPoints);
  // A set also gives what is added while it is gone through.
  for (const module of modules)
    for (const { path, kind, external } of metafile.inputs[module]!.imports)
      if (kind === 'import-statement') (external ? packages : modules).add(path);
  return [...packages];
}

describe('a command', () => {
  const HEAVY = /^(@temporalio\/(?!envconfig)|zod|ajv|yaml|liquidjs|json-p3|@bufbuild)/;

  it('that compiles nothing and talks to no service loads neither Temporal nor what compiles', async () => {
    const store = ['src/cli/main.ts', 'src/cli/session.ts', 'src/cli/commands/runs.ts', 'src/here.ts'];
    expect((await packagesWith(...store)).filter((name) => HEAVY.test(name))).toEqual([]);
  });

  it('that compiles loads no Temporal; what does either is found by this', async () => {
    const compiling = await packagesWith('src/cli/commands/plan.ts', 'src/core/plan/compile.ts');
    expect(compiling).toContain('zod');
    expect(compiling.filter((name) => name.startsWith('@temporalio/'))).toEqual([]);
    expect(await packagesWith('src/temporal/connection.ts')).toContain('@temporalio/client');
  });
});

describe('the environment', () => {
  it('is read in config.ts and nowhere else', () => {
    const src = join(root, 'src');
    expect(existsSync(join(src, 'config.ts'))).toBe(true);
    const readers = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
      (f) => f.endsWith('.ts') && /process\.env/.test(readFileSync(join(src, f), 'utf8')),
    );
    expect(readers).toEqual(['config.ts']);
  });
});
