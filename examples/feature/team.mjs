import { lineOf, materialIn } from '../research/material.mjs';

/*
 * How the stand-in works: it takes the name of a function, what it does and an example out of the request, as in
 * "Add a function `loud(text)` that gives the text in capitals: `loud('ab')` is `AB`."
 *  1. It knows a few things that a function can do, and writes no other.
 *  2. Whoever tests or documents sees the example of the request, and not what was implemented.
 *  3. What it changes it gives whole, as it stands in the prompt; where that is lost, the tests miss it.
 */
const KNOWN = [
  [/first letter of every word/i, "words(text).map((word) => word[0].toUpperCase()).join('')"],
  [/number of words|how many words/i, 'words(text).length'],
  [/backwards|reverse/i, "[...text].reverse().join('')"],
  [/capitals|upper case/i, 'text.toUpperCase()'],
];

export function work({ prompt, properties }) {
  const request = lineOf(prompt, 'Request');
  const asked = /`(\w+)\(text\)` that (?:gives|says) ([^:]*): `\1\(('[^']*')\)` is `([^`]*)`/.exec(request);
  if (!asked) return undefined;
  const [, name, does, argument, result] = asked;
  const material = materialIn(prompt);
  const textOf = (path) => material.find((one) => one.kind === 'file' && one.name === path)?.text;
  const told = (id) => JSON.parse(material.find((one) => one.kind === 'outcome of' && one.name === id).text);
  const feature = { name, does, argument, result };
  if (properties.function) return explored(feature, material);
  if (properties.verdict) return reviewed(feature, told('after'));
  return properties.files && { files: [fileOf(prompt, feature, told('explore'), textOf)] };
}

function explored({ name }, material) {
  const paths = material.filter(({ kind }) => kind === 'file').map((one) => one.name);
  const [module, guide] = [/^src\//, /^docs\//].map((place) => paths.find((path) => place.test(path)) ?? '');
  return { function: name, module, guide, test: `test/${name.toLowerCase()}.test.mjs`, patterns: [] };
}

/** Each by what its task begins with. */
function fileOf(prompt, { name, does, argument, result }, { module, test, guide }, textOf) {
  if (prompt.includes('\nWrite the tests'))
    return {
      path: test,
      content: `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ${name} } from '../${module}';

test('${name} gives ${does}', () => {
  assert.equal(String(${name}(${argument})), '${result}');
});
`,
    };
  if (prompt.includes('\nSay in the guide'))
    return {
      path: guide,
      content: `${textOf(guide) ?? ''}\n## \`${name}(text)\`\n\nGives ${does}: \`${name}(${argument})\` is \`${result}\`.\n`,
    };
  const [, body] = KNOWN.find(([says]) => says.test(does)) ?? [];
  return {
    path: module,
    content: `${textOf(module) ?? ''}\n/** Gives ${does}. */\nexport const ${name} = (text) => ${body};\n`,
  };
}

/** It approves of what passes and speaks of the function everywhere. */
function reviewed({ name }, { tests, files }) {
  const without = ['src/', 'test/', 'docs/'].filter(
    (place) => !files.some(({ path, content }) => path.startsWith(place) && content.includes(name)),
  );
  const wrong = [
    ...(tests.failed > 0 ? [`${tests.failed} of ${tests.failed + tests.passed} tests fail.`] : []),
    ...without.map((place) => `Nothing below ${place} speaks of ${name}.`),
  ];
  const because =
    wrong.length > 0
      ? wrong.join(' ')
      : `${tests.passed} tests pass, and code, tests and guide speak of ${name}.`;
  return { verdict: wrong.length > 0 ? 'change' : 'approve', because, issues: [] };
}
