import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';

/** Builds the module of one spec, tests it from the spec's own examples, and enters it where all modules are known. */
const [spec] = process.argv.slice(2);
const name = basename(spec, '.json');
const { base, units, digits, examples } = JSON.parse(readFileSync(spec, 'utf8'));

const rows = Object.entries(units).map(
  ([unit, { factor = 1, offset = 0 }]) => `  ['${unit}', { factor: ${factor}, offset: ${offset} }],`,
);
writeFileSync(
  `src/${name}.mjs`,
  `/** Made from ${spec}: value * factor + offset is in ${base}. */
export const ${name} = new Map([
${rows.join('\n')}
]);
`,
);

const cases = examples.map(
  ([asked, to, said]) =>
    `test('${asked} is ${said}', () => assert.equal(convert('${asked}', '${to}'), '${said}'));`,
);
writeFileSync(
  `test/${name}.test.mjs`,
  `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convert } from '../src/convert.mjs';

${cases.join('\n')}
`,
);

// Where every module writes: git merges these lines.
const registry = readFileSync('src/registry.mjs', 'utf8');
writeFileSync(
  'src/registry.mjs',
  registry.replace(`// ${name}\n`, `// ${name}\nexport { ${name} } from './${name}.mjs';\n`),
);
// Where they differ: a rule of the plan decides.
writeFileSync('src/rounding.mjs', `export const DIGITS = ${digits};\n`);
// What nobody asked for: it is not kept, and the report says so.
if (name === 'mass') writeFileSync('build.log', `built ${spec}\n`);

console.log(JSON.stringify({ spec, module: `src/${name}.mjs`, units: Object.keys(units).length }));
