import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Checkout, checkout } from '../support/checkout.js';
import { commandsIn, type Snippet, snippetsOf } from '../support/snippets.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FILES = [
  'README.md',
  ...readdirSync(join(ROOT, 'examples')).map((name) => `examples/${name}/README.md`),
];

/** Commands that are not run here, and why. */
const LEFT_OUT: { readonly [command: string]: string } = {
  'npm ci && npm start':
    '`npm ci` would empty the node_modules that tests run with; code-review.test.ts runs `npm start`',
  'npm ci && npm test': 'it is what runs this',
  'npm start': 'code-review.test.ts runs it, and looks at what it says',
};
/** Exit codes that the page promises, where it is not 0. */
const ENDS: { readonly [command: string]: number } = {
  'muster run examples/matrix/plan.yaml': 3,
  'node examples/tools/run.mjs --param \'trips=["oslo","paris"]\'': 3,
};

let here: Checkout;
beforeAll(() => {
  here = checkout();
});
afterAll(() => here.close());

/** What becomes of a snippet; of a plan, that the commands after it find it under its name. */
async function execute({ language, text }: Snippet, commands: readonly string[]): Promise<void> {
  if (language === 'yaml') {
    writeFileSync(join(here.folder, `${parse(text).name}.yaml`), text);
    return;
  }
  for (const command of commands) {
    const { code, stdout, stderr } = await here.sh(command);
    expect(code, `${command}\n${stdout}${stderr}`).toBe(ENDS[command] ?? 0);
  }
}

const all = FILES.flatMap(snippetsOf);
const commandsOf = (snippet: Snippet) => (snippet.language === 'sh' ? commandsIn(snippet) : []);

// The first page puts `muster` on PATH; those of the examples build on that, as their readers do.
describe.each(FILES)('%s', (file) => {
  for (const snippet of snippetsOf(file)) {
    const commands = commandsOf(snippet).filter((command) => !(command in LEFT_OUT));
    const [first] = snippet.text.split('\n');
    // What a run prints is an illustration; the code is run by test/e2e/package.test.ts, in a project of its own.
    if (snippet.language === 'text' || snippet.language === 'ts') continue;
    if (snippet.language === 'sh' && commands.length === 0) continue;
    it(`line ${snippet.line}: ${commands[0] ?? first}`, () => execute(snippet, commands), 300_000);
  }
});

it('no snippet goes by: each is of a kind that is known here, a plan is run by its page, and nothing is left out that is not there', () => {
  expect([...new Set(all.map(({ language }) => language))].sort()).toEqual(['sh', 'text', 'ts', 'yaml']);
  const commands = all.flatMap(commandsOf);
  expect(commands).toEqual(expect.arrayContaining([...Object.keys(LEFT_OUT), ...Object.keys(ENDS)]));
  const plans = all.filter(({ language }) => language === 'yaml').map(({ text }) => parse(text).name);
  expect(commands).toEqual(expect.arrayContaining(plans.map((name) => `muster run ${name}.yaml`)));
});
