import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { draft } from '../../src/cli/commands/draft.js';
import { fakeContext, fakeScreen } from './fakes.js';

const folder = mkdtempSync(join(tmpdir(), 'muster-draft-'));
afterAll(() => rmSync(folder, { recursive: true }));

const TEXT = 'name: dig\u001b[2J\n';
const NOTES = 'Look twice.\rbriefs: none\n\u001b[31mRed.\u2028more: 1';
const drafted = { text: TEXT, notes: NOTES, problems: [], calls: 1 };

describe('what a model says of its draft', () => {
  it('is comments in the file, whatever breaks its lines', async () => {
    const out = join(folder, 'plan.yaml');
    const screen = fakeScreen();
    await draft('Which?', { out }, fakeContext({ draft: async () => drafted }, { screen }));
    const written = readFileSync(out, 'utf8');
    expect(written).toContain('# briefs: none\n');
    expect(parse(written.replace('\u001b', ''))).toEqual({ name: 'dig[2J' });
  });

  it('moves no cursor on the terminal, nor does the draft', async () => {
    const screen = fakeScreen();
    await draft('Which?', {}, fakeContext({ draft: async () => drafted }, { screen }));
    const shown = [...screen.said.progress, ...screen.said.answers].join('\n');
    expect(shown).toContain('Red.');
    expect(shown).toContain('name: dig');
    expect(shown).not.toContain('\u001b');
  });
});
