import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import test from 'node:test';

/**
 * What a program expects of Ajv, in one cell of the matrix: `node <flag> --test-reporter=junit suite.mjs <version> <draft>`.
 * Exits with 2, and says why, where there is no such Ajv here; with 1 where a test fails.
 */
const [version, draft] = process.argv.slice(2);
const ENTRIES = { '2020-12': 'ajv/dist/2020.js', '2019-09': 'ajv/dist/2019.js', 'draft-07': 'ajv' };

const Ajv = load();
const passes = (schema, value) => new Ajv().validate(schema, value);

test('a required property that is not there is found', () => {
  assert.equal(passes({ type: 'object', required: ['a'] }, {}), false);
});
test('a required property called __proto__ that is not there is found', () => {
  assert.equal(passes({ type: 'object', required: ['__proto__'] }, {}), false);
});
test('a property that the schema does not know is found', () => {
  assert.equal(
    passes({ type: 'object', properties: { a: {} }, additionalProperties: false }, { b: 1 }),
    false,
  );
});
test('a misspelt keyword is refused', () => {
  assert.throws(() => passes({ typ: 'object' }, {}), /unknown keyword/);
});
test('a schema may refer to itself', () => {
  const tree = { type: 'object', properties: { left: { $ref: '#' } }, additionalProperties: false };
  assert.equal(passes(tree, { left: { left: {} } }), true);
  assert.equal(passes(tree, { left: { right: {} } }), false);
});
test('a list may be closed after its first members', () => {
  const members = [{ type: 'string' }];
  const closed =
    draft === '2020-12' ? { prefixItems: members, items: false } : { items: members, additionalItems: false };
  const pair = { type: 'array', ...closed, minItems: 1, maxItems: 5 };
  assert.equal(passes(pair, ['a']), true);
  assert.equal(passes(pair, ['a', 'b']), false);
});
test('a pattern may name a class of Unicode', () => {
  assert.equal(passes({ type: 'string', pattern: '^\\p{L}+$' }, 'né'), true);
});
test('an emoji is one character', () => {
  assert.equal(passes({ type: 'string', maxLength: 1 }, '🙂'), true);
});

/** Ajv 8 is a dependency of Muster, Ajv 6 one of ESLint. */
function load() {
  try {
    const here = createRequire(import.meta.url);
    const require = version === '6' ? createRequire(here.resolve('eslint')) : here;
    const found = require('ajv/package.json').version;
    if (!found.startsWith(`${version}.`)) throw new Error(`the one that is installed is ${found}`);
    const entry = require(ENTRIES[draft]);
    return entry.default ?? entry;
  } catch (error) {
    process.stderr.write(`There is no Ajv ${version} for ${draft} here: ${error.message.split('\n')[0]}\n`);
    process.exit(2);
  }
}
