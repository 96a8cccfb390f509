import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';

/** Looks at one script: `node inspect.mjs <path> <its name in the report>`. Prints `{script, notes}`. */
const [path, script] = process.argv.slice(2);
const lines = readFileSync(path, 'utf8').split('\n');

const notes = lines.flatMap((text, n) => {
  const [, says] = /\/\/.*?\b((?:TODO|FIXME)\b.*)/.exec(text) ?? [];
  return says ? [{ script, line: n + 1, kind: 'open', says: says.trim() }] : [];
});
try {
  execFileSync(process.execPath, ['--check', path], { stdio: 'pipe', encoding: 'utf8' });
} catch ({ stderr }) {
  const line = Number(/:(\d+)\n/.exec(stderr)?.[1] ?? 1);
  notes.push({
    script,
    line,
    kind: 'syntax',
    says: /^\w*Error: .*/m.exec(stderr)?.[0] ?? 'it does not parse',
  });
}

/** `@scope/name/file` is of the package `@scope/name`. */
const named = lines.flatMap(
  (text) => /(?:from|import|require\()\s*\(?['"]([^'"./][^'"]*)['"]/.exec(text)?.[1] ?? [],
);
const packages = named.filter((name) => !isBuiltin(name)).map((name) => /^(?:@[^/]+\/)?[^/]+/.exec(name)[0]);
process.stdout.write(
  JSON.stringify({ script: { script, lines: lines.length, packages: [...new Set(packages)] }, notes }),
);
