import { canonical, type Digest, type Json } from '../core/outcome/canonical.js';
import { Failure } from '../core/outcome/failure.js';
import type { Ref } from '../core/outcome/outcome.js';
import type { Store } from '../ports/store.js';
import { readSegment } from './segments.js';

/** Larger values become files of their own. */
export const INLINE_LIMIT = 64 * 1024;

/** Type of what holds files: a pack of git's. */
export const PACK = 'application/x-git-pack';

/** Name of an artifact in the store. */
export const blobName = (digest: string): string => `blobs/${digest.slice(0, 2)}/${digest}`;

export const listBlobs = (store: Store): Promise<readonly string[]> => store.list('blobs/');

/** Digest of the artifact of that name; undefined for a name of another kind. */
export const digestNamed = (name: string): string | undefined =>
  /^blobs\/[0-9a-f]{2}\/([0-9a-f]{64})$/.exec(name)?.[1];

export interface Encoded {
  readonly bytes: Uint8Array;
  readonly type: Ref['type'];
}

/**
 * Text as it is; every other value as canonical JSON, and text that UTF-8 cannot carry too.
 * @throws Failure `OutputInvalid` where JSON cannot carry the value.
 */
export function encodeValue(value: Json): Encoded {
  const encoder = new TextEncoder();
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value))
    return { bytes: encoder.encode(value), type: 'text/plain' };
  try {
    return { bytes: encoder.encode(canonical(value)), type: 'application/json' };
  } catch (cause) {
    const what = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(
      'OutputInvalid',
      `The output cannot be kept as JSON: ${what}. Return plain, finite values.`,
      {
        cause,
      },
    );
  }
}

export function decodeValue(bytes: Uint8Array, type: string): Json {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return type === 'text/plain' ? text : (JSON.parse(text) as Json);
}

/** Stores the bytes under their digest, durably; bytes that are there already are not written again. */
export async function putBytes(store: Store, { bytes, type }: Encoded, digest: Digest): Promise<Ref> {
  const ref = { digest: digest(bytes), size: bytes.length, type };
  await store.create(blobName(ref.digest), bytes);
  return ref;
}

/** Text becomes `text/plain`, everything else canonical JSON. */
export const putValue = (store: Store, value: Json, digest: Digest): Promise<Ref> =>
  putBytes(store, encodeValue(value), digest);

/** Bytes of a value from `offset`. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** @throws Failure `StoreUnavailable` where nothing of that digest is in this store. */
export const readBlob = async (store: Store, digest: string, range?: Range): Promise<Uint8Array> =>
  (await store.read(blobName(digest), range)) ?? gone(blobName(digest));

/**
 * The bytes that `ref` names, or a range of them.
 * @throws Failure `StoreUnavailable` where they are not in this store.
 */
export async function readRef(store: Store, ref: Ref, range?: Range): Promise<Uint8Array> {
  if (!ref.at) return readBlob(store, ref.digest, range);
  const { seq, offset, length } = ref.at;
  const bodies = (await readSegment(store, ref.at, seq))?.bodies ?? gone(`the log of unit ${ref.at.unit}`);
  const whole = bodies.subarray(offset, offset + length);
  return range ? whole.subarray(range.offset, range.offset + range.length) : whole;
}

export async function readValue(store: Store, ref: Ref): Promise<Json> {
  return decodeValue(await readRef(store, ref), ref.type);
}

function gone(what: string): never {
  throw new Failure(
    'StoreUnavailable',
    `${what} is not in the store, though it was recorded. Does this worker use the store that the run began with? \`muster doctor\` shows which it is.`,
  );
}
