/** Reads what every reviewer said, on standard input, and names the ten files to begin with: most errors, then most findings. */
const reviews = JSON.parse(await new Response(process.stdin).text());

const places = new Map();
for (const { output } of reviews) {
  for (const { file, line, rule, severity } of output?.findings ?? []) {
    const seen = places.get(file) ?? { all: new Set(), errors: new Set() };
    places.set(file, seen);
    seen.all.add(`${line} ${rule}`);
    if (severity === 'error') seen.errors.add(`${line} ${rule}`);
  }
}
const hotspots = [...places]
  .map(([file, { all, errors }]) => ({ file, findings: all.size, errors: errors.size }))
  .sort((a, b) => b.errors - a.errors || b.findings - a.findings || (a.file < b.file ? -1 : 1))
  .slice(0, 10);
process.stdout.write(JSON.stringify({ hotspots }));
