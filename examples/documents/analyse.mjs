import { readFileSync } from 'node:fs';

/**
 * Reads one document: `node analyse.mjs <path> <its name in the report>`. Prints `{document, terms}`, see analysis.schema.yaml.
 * Where there is nothing to be read it says why, in one line, and exits with 1.
 */
const [path, name] = process.argv.slice(2);
/** Below this nothing can be said of a text. */
const FEWEST_WORDS = 20;
const MOST_TERMS = 300;

try {
  const lines = proseOf(textOf(path));
  const words = lines.flatMap(({ text, line }) => wordsOf(text).map((word) => ({ word, line })));
  if (words.length < FEWEST_WORDS)
    throw new Error(`it has ${words.length} words of prose, and fewer than ${FEWEST_WORDS} say nothing`);
  const headings = lines.filter(({ text }) => /^#{1,6} /.test(text));
  const first = lines.find((one) => !headings.includes(one) && wordsOf(one.text).length > 1);
  const document = {
    document: name,
    title: headings[0]?.written.replace(/^#+ /, '').trim() ?? '',
    words: words.length,
    sections: headings.length,
    begins: first?.written.replaceAll('**', '').trim().slice(0, 120) ?? '',
  };
  process.stdout.write(JSON.stringify({ document, terms: termsOf(words) }));
} catch (error) {
  process.stderr.write(`${name} cannot be analysed: ${error.message.split('\n')[0]}\n`);
  process.exitCode = 1;
}

function textOf(path) {
  const bytes = readFileSync(path);
  if (bytes.includes(0)) throw new Error('it is not text');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Error('it is not UTF-8');
  }
}

/** Lines of prose, as they are read and as they are written, with their numbers: front matter, code, HTML and addresses are none. */
function proseOf(text) {
  const written = text.split('\n');
  const blank = (whole) => whole.replace(/[^\n]/g, ' ');
  return text
    .replace(/^---\n[\s\S]*?\n---\n/, blank)
    .replace(/^ *(```+|~~~+)[\s\S]*?^ *\1 *$/gm, blank)
    .replace(/<!--[\s\S]*?-->|<[a-z/][^<>]*>/gi, blank)
    .replace(/!?\[([^\]]*)\]\([^)\n]*\)/g, '$1')
    .replace(/`[^`\n]*`|https?:\/\/\S+/g, ' ')
    .split('\n')
    .map((text, n) => ({ text, written: written[n], line: n + 1 }))
    .filter(({ text }) => text.trim() !== '');
}

function wordsOf(text) {
  return text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’-]*\p{L}/gu) ?? [];
}

function termsOf(words) {
  const terms = new Map();
  for (const { word, line } of words) {
    const known = terms.get(word) ?? [word, 0, line];
    known[1]++;
    terms.set(word, known);
  }
  return [...terms.values()]
    .filter(([word]) => word.length > 3)
    .sort((a, b) => b[1] - a[1] || a[2] - b[2])
    .slice(0, MOST_TERMS);
}
