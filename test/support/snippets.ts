import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What stands between two fences of a Markdown file. */
export interface Snippet {
  /** The word after the first fence, such as `sh`; empty where there is none. */
  readonly language: string;
  readonly text: string;
  /** Of its first line. */
  readonly line: number;
}

/** @param file relative to the root of the repository */
export function snippetsOf(file: string): readonly Snippet[] {
  const text = readFileSync(fileURLToPath(new URL(`../../${file}`, import.meta.url)), 'utf8');
  return [...text.matchAll(/^ *```(\w*)\n([\s\S]*?)^ *```$/gm)].map(({ index, 1: language, 2: inside }) => ({
    language: language!,
    text: inside!,
    line: text.slice(0, index).split('\n').length + 1,
  }));
}

/** Commands of a shell snippet, one a line, without their comments. */
export const commandsIn = ({ text }: Snippet): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.replace(/ +# .*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
