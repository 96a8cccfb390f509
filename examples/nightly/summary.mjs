/** Reads every inspection on standard input and says what they come to: `node summary.mjs <day>`. */
const inspections = JSON.parse(await new Response(process.stdin).text()).flatMap(
  ({ output }) => output ?? [],
);

const users = new Map();
for (const { script } of inspections)
  for (const name of script.packages) users.set(name, [...(users.get(name) ?? []), script.script]);

process.stdout.write(
  JSON.stringify({
    night: {
      day: process.argv[2],
      scripts: inspections.length,
      lines: inspections.reduce((sum, { script }) => sum + script.lines, 0),
      notes: inspections.flatMap(({ notes }) => notes).length,
    },
    packages: [...users]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, scripts]) => ({ package: name, scripts })),
  }),
);
