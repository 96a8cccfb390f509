import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { snippetsOf } from '../support/snippets.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the package, installed into an empty project', () => {
  let project: string;
  const here = (command: string, args: readonly string[], env: { [name: string]: string } = {}) =>
    execFileSync(command, args, {
      cwd: project,
      env: { ...process.env, TEMPORAL_ADDRESS: '', MUSTER_HOME: join(project, 'home'), ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });

  beforeAll(() => {
    project = mkdtempSync(join(tmpdir(), 'muster-package-'));
    const packed = execFileSync('npm', ['pack', '--silent', '--pack-destination', project], {
      cwd: root,
      encoding: 'utf8',
    });
    writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    here('npm', ['install', '--silent', '--no-audit', '--no-fund', `./${packed.trim()}`]);
  }, 300_000);
  afterAll(() => {
    here('npx', ['muster', 'dev', '--stop']);
    rmSync(project, { recursive: true, force: true });
  });

  it('compiles and runs the snippet of the README as it stands there', () => {
    const code = snippetsOf('README.md').filter(({ language }) => language === 'ts');
    expect(code).toHaveLength(1);
    writeFileSync(join(project, 'snippet.ts'), code[0]!.text);
    // As `tsc --init` writes it: the types of Temporal's own package are not complete without more.
    const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck'];
    const types = ['--typeRoots', join(root, 'node_modules/@types'), '--types', 'node'];
    here(process.execPath, [
      join(root, 'node_modules/typescript/bin/tsc'),
      ...options,
      ...types,
      'snippet.ts',
    ]);
    const printed = here(process.execPath, ['snippet.js']);
    expect(printed).toContain(process.version);
    // Asked again on the same day, it is the same run.
    expect(here(process.execPath, ['snippet.js'])).toBe(printed);
    expect(here('npx', ['muster', 'list']).match(/versions-/g)).toHaveLength(1);
  }, 120_000);
});
