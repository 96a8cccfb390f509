import { lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, sep } from 'node:path';

/**
 * Writes `{files: [{path, content}]}` of standard input below the working folder: `node write.mjs <folder of it>`. A path that leads
 * out of that folder, also by a link, is refused before anything is written.
 */
const [folder] = process.argv.slice(2);
const { files } = JSON.parse(await new Response(process.stdin).text());

const isLink = (path) => lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
const leadsOut = (path) => {
  const parts = path.split('/');
  const ways = parts.map((_, n) => parts.slice(0, n + 1).join(sep));
  return (
    parts.length < 2 ||
    parts[0] !== folder ||
    parts.some((part) => /^\.*$|[\\:\0]/.test(part)) ||
    ways.some(isLink)
  );
};

const refused = files.filter(({ path }) => leadsOut(path));
if (refused.length > 0) {
  for (const { path } of refused) console.error(`${path} is not below ${folder}.`);
  process.exit(1);
}
for (const { path, content } of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content.endsWith('\n') ? content : `${content}\n`);
}
console.log(files.map(({ path }) => path).join('\n'));
