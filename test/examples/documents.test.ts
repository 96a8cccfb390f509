import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Example, exampleAt, pageAt, runExample } from '../support/examples.js';
import { type Place, place } from '../support/muster.js';
import { faultsOf, itInBrowser } from '../support/page.js';

interface Theme {
  readonly theme: string;
  readonly documents: readonly string[];
  readonly begin: string;
}

let here: Place;
beforeAll(async () => {
  here = place();
  await here.worker();
});
afterAll(() => here.close());

const themesOf = ({ report }: Example) => report.answer.data.themes as unknown as readonly Theme[];

describe('documents', () => {
  it('reads every page of this repository; every theme is said in each of its documents, and where it says', async () => {
    const root = exampleAt('..');
    const ran = await runExample(here, 'documents', 'documents');
    expect(ran.code, ran.stderr).toBe(0);
    const pages = globSync('**/*.{md,txt}', { cwd: root, ignore: '**/node_modules/**' });
    const read = ran.report.answer.data.documents as unknown as readonly { document: string }[];
    expect(read.map(({ document }) => document).sort()).toEqual(pages.sort());

    const linesOf = (path: string) => readFileSync(join(root, path), 'utf8').toLowerCase().split('\n');
    const themes = themesOf(ran);
    expect(themes).toHaveLength(12);
    for (const { theme, documents, begin } of themes) {
      expect(documents.length).toBeGreaterThan(1);
      for (const document of documents) expect(linesOf(document).join(' '), document).toContain(theme);
      const [, path, line] = /^(.*):(\d+)$/.exec(begin)!;
      expect(path).toBe(documents[0]);
      expect(linesOf(path!)[Number(line) - 1], begin).toContain(theme);
    }
  });

  it('names what several documents of a folder share, and each that could not be read, with the reason', async () => {
    mkdirSync(join(here.folder, 'mine'));
    const filler =
      'Nothing else is told on this page, which goes on for a while so that it has words enough to be read. ';
    here.write('mine/a.md', `# Apples\n\n${filler}\nGravity pulls apples; gravity again.\n`);
    here.write('mine/b.txt', `---\ntitle: gravity gravity\n---\n\n${filler}\n\nMoons obey gravity.\n`);
    here.write('mine/c.md', `${filler}\n\n\`\`\`\ngravity gravity gravity\n\`\`\`\n`);
    here.write('mine/d.md', `${filler}${filler}\n`);
    here.write('mine/short.md', 'Gravity, in short.\n');
    here.write('mine/empty.md', '');
    here.write('mine/binary.md', `${filler}\0`);
    writeFileSync(join(here.folder, 'mine/latin1.md'), Buffer.from(`${filler} Müsli`, 'latin1'));

    const ran = await runExample(here, 'documents', 'mine', '--param', `folder=${here.folder}/mine`);
    expect(ran.code, ran.stderr).toBe(3);
    expect(themesOf(ran)).toEqual([{ theme: 'gravity', documents: ['a.md', 'b.txt'], begin: 'a.md:4' }]);
    const { missing, data, requirements } = ran.report.answer;
    expect(missing.map(({ key, why }) => [key, /cannot be analysed: ([^.]*?)[.,]/.exec(why)?.[1]])).toEqual([
      ['binary.md', 'it is not text'],
      ['empty.md', 'it has 0 words of prose'],
      ['latin1.md', 'it is not UTF-8'],
      ['short.md', 'it has 3 words of prose'],
    ]);
    expect(data.unread).toEqual(missing.map(({ key }) => key));
    expect(requirements.map(({ status }) => status)).toEqual(['missing', 'covered', 'covered']);
    expect(ran.markdown).toContain('4 holes among 9 briefs');
  });

  itInBrowser('shows its report on a page that keeps nobody out', async (browser) => {
    expect(await faultsOf(browser, pageAt(here, 'mine'))).toEqual([]);
  });
});
