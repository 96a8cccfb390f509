import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { claim, withClaim } from '../../src/temporal/claim.js';

const between = vi.hoisted((): { listingAndCreating?: () => void } => ({}));
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const readdirSync = (path: string) => {
    const entries = fs.readdirSync(path);
    const act = between.listingAndCreating;
    between.listingAndCreating = undefined;
    act?.();
    return entries;
  };
  return { ...fs, readdirSync };
});

const folder = () => mkdtempSync(join(tmpdir(), 'muster-claim-'));
let holder: string;

beforeAll(async () => {
  holder = fileURLToPath(new URL('../../.cache/entry/holder.mjs', import.meta.url));
  const entry = fileURLToPath(new URL('./holder.ts', import.meta.url));
  await build({ entryPoints: [entry], outfile: holder, bundle: true, platform: 'node', format: 'esm' });
});

describe('a claim', () => {
  it('is held by one at a time, and free again when its holder lets go', () => {
    const place = folder();
    const first = claim(place, 'x');
    expect(first).toBeDefined();
    expect(claim(place, 'x')).toBeUndefined();
    expect(claim(place, 'y')).toBeDefined();
    first?.release();
    expect(claim(place, 'x')).toBeDefined();
    expect(readdirSync(place).sort()).toEqual(['x.2', 'y.1']);
  });

  it('does not outlive a holder that was killed', async () => {
    const place = folder();
    const child = spawn(process.execPath, [holder, place, 'hold'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(claim(place, 'x')).toBeUndefined();
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(claim(place, 'x')).toBeDefined();
  });

  it('is not given to a process that only has the number of a dead holder', () => {
    const place = folder();
    writeFileSync(join(place, 'x.7'), JSON.stringify({ pid: process.pid, born: 'long ago' }));
    expect(claim(place, 'x')).toBeDefined();
    expect(readdirSync(place)).toEqual(['x.8']);
  });

  it('is refused to a latecomer whose number was used and removed since it looked', () => {
    const place = folder();
    claim(place, 'x')?.release();
    between.listingAndCreating = () => {
      claim(place, 'x')?.release();
      expect(claim(place, 'x')).toBeDefined();
    };
    expect(claim(place, 'x')).toBeUndefined();
    expect(readdirSync(place)).toEqual(['x.3']);
  });

  it('never has two holders, though five processes fight for it and die holding it', async () => {
    const place = folder();
    const ends = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const child = spawn(process.execPath, [holder, place, 'fight'], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        let said = '';
        child.stdout.on('data', (chunk) => {
          said += chunk;
        });
        await new Promise((resolve) => child.once('close', resolve));
        return said.trim();
      }),
    );
    expect(ends.filter((said) => said !== 'alone 25 times')).toEqual([]);
  });

  it('is let go when the work fails', async () => {
    const place = folder();
    const work = withClaim(
      place,
      'x',
      () => {},
      () => Promise.reject(new Error('no')),
    );
    await expect(work).rejects.toThrow('no');
    expect(claim(place, 'x')).toBeDefined();
  });
});
