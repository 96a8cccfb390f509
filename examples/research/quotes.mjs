import { readFileSync } from 'node:fs';

/**
 * Holds the quotes of `{findings}` on standard input against the documents they are said to be from. Exits with 1, and says which
 * ones are not there, where one is made up. How lines are broken does not count.
 */
const { findings } = JSON.parse(await new Response(process.stdin).text());
const inOneLine = (text) => text.replace(/\s+/g, ' ').trim();

const wrong = findings.filter(
  ({ quote, source }) => !inOneLine(readFileSync(source, 'utf8')).includes(inOneLine(quote)),
);
for (const { quote, source } of wrong) console.log(`${source} does not say, word for word: ${quote}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
