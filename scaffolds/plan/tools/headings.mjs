import { readFileSync } from 'node:fs';

/** `node headings.mjs DOCUMENT`: its headings, as JSON. */
const [document] = process.argv.slice(2);
const headings = readFileSync(document, 'utf8')
  .split('\n')
  .flatMap((line) => /^#+ +(.+)$/.exec(line)?.[1] ?? []);
console.log(JSON.stringify({ document, headings }));
