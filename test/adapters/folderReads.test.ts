import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { surroundings } from '../../src/adapters/folder.js';
import { compileText, plan } from '../core/plan/support.js';

const reading = vi.hoisted(() => ({ now: 0, most: 0 }));
vi.mock('node:fs/promises', async (original) => {
  const fs = await original<typeof import('node:fs/promises')>();
  return {
    ...fs,
    readFile: async (path: string, ...options: []) => {
      if (path.endsWith('/locked.yaml')) {
        throw Object.assign(new Error(`EACCES: permission denied, open '${path}'`), { code: 'EACCES' });
      }
      reading.most = Math.max(reading.most, ++reading.now);
      return fs.readFile(path, ...options).finally(() => reading.now--);
    },
  };
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'muster-reads-'));
  await Promise.all(Array.from({ length: 300 }, (_, i) => writeFile(join(folder, `${i}.md`), `${i}`)));
  await writeFile(join(folder, 'locked.yaml'), 'type: object');
});
afterAll(() => rm(folder, { recursive: true }));

const problemsOf = async (rest: string) => {
  const compiled = await compileText(plan(rest), { folder }, surroundings());
  return compiled.ok ? [] : compiled.problems;
};

describe('reading the files of a plan', () => {
  it('opens no more of them at a time than a process may', async () => {
    await expect(readFile(join(folder, 'locked.yaml'))).rejects.toThrow('EACCES');
    expect(await surroundings().glob('*.md', folder)).toHaveLength(300);
    expect(reading.most).toBeGreaterThan(1);
    expect(reading.most).toBeLessThanOrEqual(64);
  });

  it('finds one under a glob that may not be read: a problem of the plan, with its place and path', async () => {
    const rest = 'inputs:\n  notes: { glob: "*.yaml" }\nbriefs:\n  - { id: a, call: f }';
    expect(await problemsOf(rest)).toMatchObject([
      {
        path: 'inputs.notes.glob',
        line: 5,
        message: expect.stringContaining('`locked.yaml` cannot be read: EACCES'),
      },
    ]);
  });

  it('finds a schema that may not be read: the same', async () => {
    const rest = 'briefs:\n  - { id: a, call: f, output: { $ref: locked.yaml } }';
    expect(await problemsOf(rest)).toMatchObject([
      {
        path: 'briefs[0].output.$ref',
        line: 5,
        message: expect.stringContaining('`locked.yaml` cannot be read: EACCES'),
      },
    ]);
  });
});
