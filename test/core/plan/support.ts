import { type Compiled, compile, type Source } from '../../../src/core/plan/compile.js';
import type { Problem } from '../../../src/core/plan/problems.js';
import type { Surroundings } from '../../../src/core/plan/surroundings.js';

/** Not a hash, but distinct texts have distinct digests and equal texts equal ones. */
export const fakeDigest = (bytes: Uint8Array | string): string => {
  const text = typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes);
  let [a, b] = [0x811c9dc5, 0x1b873593];
  for (let i = 0; i < text.length; i++) {
    a = Math.imul(a ^ text.charCodeAt(i), 0x01000193);
    b = Math.imul(b + text.charCodeAt(i), 0x85ebca6b) ^ (b >>> 13);
  }
  return [a, b, a ^ b, a + b]
    .map((word) => (word >>> 0).toString(16).padStart(8, '0'))
    .join('')
    .repeat(2);
};

/** A folder that exists in memory only: `notes/*.md` finds what is filed under such names. */
export function memoryFolder(
  files: { readonly [path: string]: string } = {},
  commands = ['node', 'sh'],
): Surroundings {
  const matches = (pattern: string, path: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+]/g, '\\$&')
        .replaceAll('**/', '(.*/)?')
        .replace(/(?<!\.)\*(?!\/)/g, '[^/]*')}$`,
    ).test(path);
  return {
    digest: fakeDigest,
    glob: async (pattern) =>
      Object.entries(files)
        .filter(([path]) => matches(pattern, path))
        .map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) })),
    read: async (path) => files[path],
    ownRoles: ['explorer', 'writer'],
    prices: { 'gpt-5-mini': { input: 0.25, output: 2, asOf: '2026-03-21', source: 'a list' } },
    ownRole: async (name) =>
      ['explorer', 'writer'].includes(name) ? `---\nmodel: fast\n---\nYou are the ${name}.` : undefined,
    commandExists: async (name) => commands.includes(name),
    base: async (kind) => ({
      tree: '1'.repeat(40),
      key: '1'.repeat(40),
      within: kind === 'copy' ? '' : 'plans',
      pack: new TextEncoder().encode(JSON.stringify(files)),
      notes: [],
    }),
  };
}

export const compileText = (
  text: string,
  more: Omit<Source, 'text'> = {},
  around = memoryFolder(),
): Promise<Compiled> => compile({ text, folder: '/plans', ...more }, around);

/** The problems of a plan, errors and warnings; of a good one its warnings. */
export async function problemsOf(
  text: string,
  more: Omit<Source, 'text'> = {},
  around = memoryFolder(),
): Promise<readonly Problem[]> {
  const compiled = await compileText(text, more, around);
  return compiled.ok ? compiled.warnings : compiled.problems;
}

/** A compiled plan. @throws Error with its problems, where it has some. */
export async function compiled(text: string, more: Omit<Source, 'text'> = {}, around = memoryFolder()) {
  const result = await compileText(text, more, around);
  if (result.ok) return result;
  throw new Error(result.problems.map(({ line, path, message }) => `${line} ${path} ${message}`).join('\n'));
}

/** The head that every plan has, in three lines; what is given begins at line 4. */
export const plan = (rest: string): string => `muster: 1\nname: test\nbrief: Do it.\n${rest}`;
