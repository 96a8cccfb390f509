import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateSync, constants as zlib } from 'node:zlib';

/** What is searched: a file with what is compressed in it, or what a process said. */
export interface Place {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Every file below a folder, each also with whatever gzip or zlib streams begin in it. */
export function placesIn(folder: string): Place[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return withStreams({ name: path.slice(folder.length + 1), bytes: readFileSync(path) });
    });
}

/** Where a value is found in any form, whole or either half: a page of a database may end within it. */
export const found = (value: string, places: readonly Place[]): string[] => {
  const parts = [...formsOf(value)].flatMap((form) => {
    const half = Math.floor(form.length / 2);
    return [form.slice(0, half), form.slice(half)].map((part) => Buffer.from(part));
  });
  return places.filter(({ bytes }) => parts.some((part) => bytes.includes(part))).map(({ name }) => name);
};

/** Written without a look at what takes secrets out. */
function formsOf(value: string): Set<string> {
  const base64 = ['', 'x', 'xx'].map((before) => {
    const text = Buffer.from(before + value).toString('base64');
    // Without what depends on the bytes around it.
    return text.slice(before === '' ? 0 : 4, text.length - 4);
  });
  return new Set([
    value,
    encodeURIComponent(value),
    new URLSearchParams([['', value]]).toString().slice(1),
    JSON.stringify(value).slice(1, -1),
    Buffer.from(value).toString('hex'),
    Buffer.from(value)
      .toString('hex')
      .replace(/..(?=.)/g, '$& '),
    value.replaceAll('/', '\\/'),
    encodeURI(value),
    Buffer.from(value, 'utf8').toString('utf16le'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ]);
}

const STREAMS = [
  { magic: Buffer.from([0x1f, 0x8b, 0x08]), read: gunzipSync },
  ...[0x01, 0x5e, 0x9c, 0xda].map((level) => ({ magic: Buffer.from([0x78, level]), read: inflateSync })),
];

export function withStreams(place: Place): Place[] {
  const inside = STREAMS.flatMap(({ magic, read }) => {
    const all: Place[] = [];
    for (let at = place.bytes.indexOf(magic); at >= 0; at = place.bytes.indexOf(magic, at + 1))
      try {
        const bytes = read(place.bytes.subarray(at), { finishFlush: zlib.Z_SYNC_FLUSH });
        if (bytes.length > 0) all.push({ name: `${place.name} (compressed, at ${at})`, bytes });
      } catch {
        // It only looked like one.
      }
    return all;
  });
  return [place, ...inside];
}
