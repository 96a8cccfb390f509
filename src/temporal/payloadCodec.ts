import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { PayloadKey } from '../config.js';
import { Failure } from '../core/outcome/failure.js';

const { Payload: Wire } = proto.temporal.api.common.v1;
const CIPHER = 'aes-256-gcm';
const ENCODING = 'binary/encrypted';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const bytes = (text: string) => Buffer.from(text);
const said = (of: Uint8Array | null | undefined) => Buffer.from(of ?? []).toString();

/**
 * Encrypts by the first key, and decrypts by whichever was used; what is plain is read as it is. Without keys what is encrypted
 * is refused with a word about why: history keeps it, and whoever has the key goes on.
 */
function payloadCodec(keys: readonly PayloadKey[]): PayloadCodec {
  const [first] = keys;
  return {
    encode: async (payloads) => (first ? payloads.map((payload) => encrypted(first, payload)) : payloads),
    decode: async (payloads) =>
      payloads.map((payload) =>
        said(payload.metadata?.encoding) === ENCODING ? decrypted(keys, payload) : payload,
      ),
  };
}

function encrypted({ id, key }: PayloadKey, payload: Payload): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.reveal(), nonce).setAAD(bytes(id));
  const sealed = [cipher.update(Wire.encode(payload).finish()), cipher.final(), cipher.getAuthTag()];
  return {
    metadata: {
      encoding: bytes(ENCODING),
      'encryption-cipher': bytes(CIPHER),
      'encryption-key-id': bytes(id),
    },
    data: Buffer.concat([nonce, ...sealed]),
  };
}

/** @throws Failure `InvalidInput` where the key is another one, or there is none of its id */
function decrypted(keys: readonly PayloadKey[], { metadata, data }: Payload): Payload {
  const id = said(metadata?.['encryption-key-id']);
  const found = keys.find((one) => one.id === id);
  if (!found)
    throw unreadable(`This is encrypted with the key \`${id}\`, which MUSTER_CODEC_KEYS does not name here.`);
  const sealed = Buffer.from(data ?? []);
  try {
    const cipher = createDecipheriv(CIPHER, found.key.reveal(), sealed.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(bytes(id)).setAuthTag(sealed.subarray(-TAG_BYTES));
    const plain = [cipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), cipher.final()];
    return Wire.decode(Buffer.concat(plain));
  } catch {
    throw unreadable(`The key \`${id}\` of MUSTER_CODEC_KEYS is not the one that this was encrypted with.`);
  }
}

const unreadable = (what: string): Failure =>
  new Failure('InvalidInput', `${what} Add the right one to that file; nothing is lost meanwhile.`);

/** Has messages and stacks of failures in payloads. Built only: Temporal loads it by its path. */
const FAILURES = fileURLToPath(new URL('./failureConverter.cjs', import.meta.url));

/** What a client, a worker and a replay of this machine convert by. */
export const dataConverterOf = (keys: readonly PayloadKey[] = []): DataConverter => ({
  payloadCodecs: [payloadCodec(keys)],
  ...(keys.length > 0 && existsSync(FAILURES) && { failureConverterPath: FAILURES }),
});
