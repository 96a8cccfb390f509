/**
 * One reviewer looks at one file: `node review.mjs <reviewer> <path> <name of the file in the report>`.
 * Prints `{reviewed, findings}`. Where the file cannot be reviewed it says why, in one line, and exits with 1.
 */
const [reviewer, path, file] = process.argv.slice(2);

/** A place is a line: what a rule says twice on one line is one finding. */
function byPlace(found) {
  const places = new Map();
  for (const { message, ...finding } of found) {
    const place = `${finding.line} ${finding.rule}`;
    const known = places.get(place) ?? { ...finding, messages: new Set() };
    places.set(place, known);
    known.messages.add(message);
  }
  return [...places.values()].map(({ messages, ...finding }) => ({
    file,
    ...finding,
    message: [...messages].join(' · '),
  }));
}

try {
  const { review } = await import(`./reviewers/${reviewer}.mjs`);
  const findings = byPlace(await review(path));
  process.stdout.write(JSON.stringify({ reviewed: [{ file, path, reviewer }], findings }));
} catch (error) {
  process.stderr.write(`${reviewer} cannot review ${file}: ${error.message.split('\n')[0]}\n`);
  process.exitCode = 1;
}
