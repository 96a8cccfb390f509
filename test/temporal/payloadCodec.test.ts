import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { type PayloadKey, Secret } from '../../src/config.js';
import { dataConverterOf } from '../../src/temporal/payloadCodec.js';

const key = (id: string): PayloadKey => ({ id, key: new Secret(randomBytes(32)) });
const codec = (...keys: PayloadKey[]) => dataConverterOf(keys).payloadCodecs![0]!;
const payload = (value: unknown): Payload => defaultPayloadConverter.toPayload(value)!;
const read = (one?: Payload) => defaultPayloadConverter.fromPayload(one!);
const [old, fresh] = [key('2025'), key('2026')];

describe('a payload', () => {
  it('is encrypted by the first key, and read by any', async () => {
    const [sealed] = await codec(old).encode([payload({ brief: 'never to be seen' })]);
    expect(Buffer.from(sealed!.data!).toString()).not.toContain('never');
    expect(String(sealed!.metadata!['encryption-key-id'])).toBe('2025');
    expect(read((await codec(fresh, old).decode([sealed!]))[0])).toEqual({ brief: 'never to be seen' });
    const [again] = await codec(fresh, old).encode([payload(1)]);
    expect(String(again!.metadata!['encryption-key-id'])).toBe('2026');
  });
  it('is another one each time', async () => {
    const [one, two] = await codec(old).encode([payload('a'), payload('a')]);
    expect(one!.data).not.toEqual(two!.data);
  });
  it('that is plain is read as it is, and stays plain without a key', async () => {
    expect(read((await codec(old).decode([payload('plain')]))[0])).toBe('plain');
    expect(await codec().encode([payload('plain')])).toEqual([payload('plain')]);
  });
  it('of a key that is not there, or of another one of its name, says so and no more', async () => {
    const sealed = await codec(old).encode([payload('a')]);
    for (const keys of [[], [fresh]])
      await expect(codec(...keys).decode(sealed)).rejects.toThrow(
        'This is encrypted with the key `2025`, which MUSTER_CODEC_KEYS does not name here.',
      );
    await expect(codec(key('2025')).decode(sealed)).rejects.toThrow(
      'The key `2025` of MUSTER_CODEC_KEYS is not',
    );
  });
  it('that somebody changed is refused, its key id too', async () => {
    const [sealed] = await codec(old).encode([payload('a')]);
    const data = Buffer.from(sealed!.data!);
    data[20]! ^= 1;
    await expect(codec(old).decode([{ ...sealed, data }])).rejects.toThrow('is not the one');
    const renamed = { ...sealed!.metadata, 'encryption-key-id': Buffer.from('other') };
    const other = { id: 'other', key: old.key };
    await expect(codec(other).decode([{ ...sealed, metadata: renamed }])).rejects.toThrow('is not the one');
  });
});
