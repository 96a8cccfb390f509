import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../core/outcome/failure.js';
import type { Scaffold } from '../scaffolds.js';
import type { Screen } from '../screen.js';

/** Of the package. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const NAME = /^[a-z][a-z0-9_]{0,63}$/;

/** `muster create`: writes the beginning of something, with tests that pass, into a folder that is new or empty. */
export function create(
  kind: Scaffold,
  name: string,
  { out = name }: { readonly out?: string },
  screen: Screen,
): number {
  if (!NAME.test(name))
    throw new Failure(
      'InvalidInput',
      `\`${name}\` is no name: lower-case letters, digits and \`_\`, beginning with a letter.`,
    );
  const folder = resolve(out);
  const from = join(ROOT, 'scaffolds', kind);
  const named = (text: string) => text.replaceAll('__NAME__', name).replaceAll('__MUSTER__', musterItself());
  const files = filesIn(from).map((file) => ({
    path: named(relative(from, file)),
    text: named(readFileSync(file, 'utf8')),
  }));
  beginIn(folder);
  for (const { path, text } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { flag: 'wx' });
  }
  screen.object({ kind, name, folder, files: files.map(({ path }) => path) });
  screen.answer(() => [
    `${out} has the beginning of a ${kind}:`,
    ...files.map(({ path }) => `  ${path}`),
    `Next: cd ${out}   ·   npm install   ·   npm test`,
  ]);
  return 0;
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)],
    )
    .sort();

/** As npm finds it: this very version where it is installed, the folder where it is not. */
function musterItself(): string {
  if (!ROOT.includes('/node_modules/')) return `file:${ROOT}`;
  return (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}

/** @throws Failure `InvalidInput` where something is in it */
function beginIn(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    if (readdirSync(folder).length === 0) return;
  } catch (error) {
    throw new Failure('InvalidInput', `\`${folder}\` cannot be made: ${(error as Error).message}.`);
  }
  throw new Failure('InvalidInput', `\`${folder}\` holds something already. Name a new folder with --out.`);
}
