import { readFileSync } from 'node:fs';

/**
 * On which lines the findings of a model are: `node place.mjs [name of the file in the report]`, with `{path, findings}` on standard
 * input, each finding with the line that it quotes. A line that is quoted again is the next one that says the same.
 * Prints `{reviewed, findings}`. Where a quote is no line of the file it says which, and exits with 1.
 */
const { path, findings } = JSON.parse(await new Response(process.stdin).text());
const [file = path] = process.argv.slice(2);
const lines = readFileSync(path, 'utf8').split('\n');
const taken = new Set();

function place({ quote, rule, ...finding }) {
  const found = lines.flatMap((line, n) => (line.includes(quote.trim()) ? [n + 1] : []));
  const line = found.find((one) => !taken.has(`${one} ${rule}`));
  taken.add(`${line} ${rule}`);
  return { file, line, rule, ...finding, source: 'a model', quote: quote.trim() };
}

const placed = findings.map(place);
const wrong = placed.filter(({ line, quote }) => line === undefined || quote === '');
for (const { quote } of wrong)
  console.log(`${file} has no line that says, word for word, so often: ${quote}`);
if (wrong.length > 0) process.exitCode = 1;
else console.log(JSON.stringify({ reviewed: [{ file, path, reviewer: 'reader' }], findings: placed }));
