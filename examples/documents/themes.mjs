/**
 * Reads every analysis on standard input, `{key, status, output}` each, and names what several documents have in common:
 * `node themes.mjs <most>`. A word marks a document where it is frequent there and rare elsewhere (tf-idf); a theme is a word
 * that marks two documents or more. That takes no list of words, so it does not depend on a language.
 */
const MARKS_OF_A_DOCUMENT = 12;

const most = Number(process.argv[2]);
const analyses = JSON.parse(await new Response(process.stdin).text());
const read = analyses.flatMap(({ key, output }) => (output ? [{ key, ...output }] : []));

/** A plural that only adds an s is its singular, where that is said anywhere. */
const said = new Set(read.flatMap(({ terms }) => terms.map(([word]) => word)));
const singular = (word) => (word.endsWith('s') && said.has(word.slice(0, -1)) ? word.slice(0, -1) : word);

/** Of one document: how often each word is there, and the line it is first on. */
function countsOf({ terms }) {
  const counts = new Map();
  for (const [word, times, line] of terms) {
    const known = counts.get(singular(word));
    counts.set(singular(word), {
      times: times + (known?.times ?? 0),
      line: Math.min(line, known?.line ?? line),
    });
  }
  return counts;
}
const documents = read.map((one) => ({ key: one.key, words: one.document.words, counts: countsOf(one) }));
const spread = (word) => documents.filter(({ counts }) => counts.has(word)).length;

const themes = new Map();
for (const { key, words, counts } of documents) {
  const marks = [...counts]
    .map(([word, { times, line }]) => ({
      word,
      line,
      weight: (times / words) * Math.log(documents.length / spread(word)),
    }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || (a.word < b.word ? -1 : 1))
    .slice(0, MARKS_OF_A_DOCUMENT);
  for (const { word, line, weight } of marks) {
    themes.set(word, [...(themes.get(word) ?? []), { key, line, weight }]);
  }
}

const total = (places) => places.reduce((sum, { weight }) => sum + weight, 0);
const shared = [...themes]
  .filter(([, places]) => places.length > 1)
  .sort(([a, x], [b, y]) => y.length - x.length || total(y) - total(x) || (a < b ? -1 : 1))
  .slice(0, most)
  .map(([theme, places]) => {
    const strongest = places.sort((a, b) => b.weight - a.weight);
    const [{ key, line }] = strongest;
    return { theme, documents: strongest.map((place) => place.key), begin: `${key}:${line}` };
  });
const unread = analyses.filter(({ output }) => !output).map(({ key }) => key);
process.stdout.write(JSON.stringify({ themes: shared, unread }));
