import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { guardOutput } from '../../../src/adapters/executors/guardOutput.js';
import { redactor } from '../../../src/adapters/executors/redactor.js';
import { builtEntries } from './built.js';

const VALUE = 'tök"en/with+signs=1 & <more>';
const one = redactor([{ name: 'API_TOKEN', value: VALUE }]);

it('what a process prints is guarded, and everything else is passed on byte for byte', () => {
  const stream = new PassThrough();
  guardOutput(one, [stream]);
  stream.write(`a ${VALUE}\n`);
  stream.write(Buffer.from(`b ${VALUE}\n`));
  stream.write(Buffer.from([0xff, 0xfe]));
  const all = stream.read() as Buffer;
  expect(all.subarray(0, -2).toString()).toBe('a [secret API_TOKEN]\nb [secret API_TOKEN]\n');
  expect([...all.subarray(-2)]).toEqual([0xff, 0xfe]);
});

it('nor is what it prints in pieces, where a secret ends one and begins the next', () => {
  const stream = new PassThrough();
  guardOutput(one, [stream]);
  for (const piece of ['a ', VALUE.slice(0, 9), `${VALUE.slice(9)} b`, ' c\n', `${VALUE.slice(9)}\n`])
    stream.write(piece);
  expect(String(stream.read())).toBe(`a [secret API_TOKEN][secret API_TOKEN] b c\n${VALUE.slice(9)}\n`);
});

it('what ends a process that nobody caught is told without secrets', async () => {
  const { host } = await builtEntries();
  const built = (file: string) => new URL(`../adapters/executors/${file}`, host).href;
  const script = `
    const { guardProcess } = await import(${JSON.stringify(built('guardOutput.js'))});
    const { redactor } = await import(${JSON.stringify(built('redactor.js'))});
    guardProcess(redactor([{ name: 'API_TOKEN', value: 'abcdefgh-1' }]));
    Promise.reject(Object.assign(new Error('no abcdefgh-1'), { headers: { a: 'abcdefgh-1' } }));
  `;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect(status).toBe(1);
  expect(stderr).toContain('Error: no [secret API_TOKEN]');
  expect(stderr).not.toContain('abcdefgh-1');
});
