/**
 * Reads every cell on standard input, `{key, status, output}` each, where a key is `<version>,<draft>,<flag>` and an output a
 * list of test cases. Prints `{answer, grid, failing}`: a sentence, a row for each version and draft, a column for each flag.
 */
const cells = JSON.parse(await new Response(process.stdin).text());
const tests = new Set(cells.flatMap(({ output }) => (output ?? []).map(({ name }) => name)));

/** A test that a cell does not tell of did not pass there. */
function open({ output }) {
  const passed = new Set(output.filter(({ status }) => status === 'passed').map(({ name }) => name));
  return [...tests].filter((name) => !passed.has(name));
}
const messageOf = ({ output }, name) => output.find((one) => one.name === name)?.message ?? 'it did not run';

const rows = new Map();
for (const cell of cells) {
  const [version, draft, flag] = cell.key.split(',');
  const suite = `Ajv ${version}, ${draft}`;
  const passed = cell.output ? `${tests.size - open(cell).length} of ${tests.size}` : 'did not run';
  rows.set(suite, { ...(rows.get(suite) ?? { suite }), [flag]: passed });
}
const failing = cells
  .filter((cell) => cell.output && open(cell).length > 0)
  .map((cell) => {
    const names = open(cell);
    return {
      cell: cell.key,
      failed: names.length,
      tests: names,
      first: messageOf(cell, names[0]).split('\n')[0],
    };
  });
const ran = cells.filter(({ output }) => output).length;
const found =
  failing.length === 0
    ? `In all ${ran} cells that ran every test passes.`
    : `No: in ${failing.length} of the ${ran} cells that ran at least one test fails.`;
const answer = ran === cells.length ? found : `${found} ${cells.length - ran} did not run.`;
process.stdout.write(JSON.stringify({ answer, grid: [...rows.values()], failing }));
