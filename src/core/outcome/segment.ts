import { Failure } from './failure.js';
import type { Holder } from './outcome.js';
import type { Row } from './rows.js';

/** Bumped when the stored form changes; CI opens segments of earlier versions. */
const SEGMENT_VERSION = 1;

/** One commit of one holder to the log of one unit. */
export interface Segment {
  readonly holder: Holder;
  readonly rows: readonly Row[];
  /** Raw bytes that rows point into by offset and length. */
  readonly bodies: Uint8Array;
}

const KINDS: ReadonlySet<string> = new Set<Row['row']>([
  'fence',
  'released',
  'again',
  'begun',
  'sample',
  'loop',
  'inputs',
  'expansion',
  'asked',
  'outcome',
  'decision',
  'integrated',
  'purse',
  'reserved',
  'settled',
  'raised',
  'batch',
  'batch-id',
  'said',
  'batch-over',
]);
const NEWLINE = 0x0a;

/** One header line of JSON `{v, dispatch, attempt, rows, bodies}`, `bodies` being their length in bytes; then the bodies. */
export function encodeSegment(
  holder: Holder,
  rows: readonly Row[],
  bodies: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const length = bodies.reduce((sum, body) => sum + body.length, 0);
  const { dispatch, attempt } = holder;
  const header = new TextEncoder().encode(
    `${JSON.stringify({ v: SEGMENT_VERSION, dispatch, attempt, rows, bodies: length })}\n`,
  );
  const bytes = new Uint8Array(header.length + length);
  bytes.set(header);
  let at = header.length;
  for (const body of bodies) {
    bytes.set(body, at);
    at += body.length;
  }
  return bytes;
}

/**
 * Reads what {@link encodeSegment} wrote, and nothing else.
 * @param name of it in the store, for messages
 * @throws Failure `ContractViolation` where a byte is missing or too many, or the version is another.
 */
export function decodeSegment(bytes: Uint8Array, name?: string): Segment {
  const damaged = (how: string) => damage(how, name);
  const end = bytes.indexOf(NEWLINE);
  const header = end < 0 ? undefined : parseHeader(bytes.subarray(0, end));
  if (!header) throw damaged('its header line cannot be read');
  if (header.v !== SEGMENT_VERSION)
    throw new Failure(
      'ContractViolation',
      `This log was written in format ${String(header.v)}; this version of Muster reads format ${SEGMENT_VERSION}. Use the version of Muster that wrote it, or a newer one.`,
    );
  const { dispatch, attempt, rows } = header;
  if (!isCount(dispatch) || !isCount(attempt)) throw damaged('it does not name its holder');
  if (!Array.isArray(rows) || !rows.every(isRow)) throw damaged('it holds a row of no known kind');
  const bodies = bytes.subarray(end + 1);
  if (header.bodies !== bodies.length)
    throw damaged(`${String(header.bodies)} bytes should follow its header, ${bodies.length} do`);
  return { holder: { dispatch, attempt }, rows, bodies };
}

function parseHeader(line: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 1;
const isRow = (value: unknown): value is Row =>
  isObject(value) && typeof value.row === 'string' && KINDS.has(value.row);
const damage = (how: string, name?: string): Failure =>
  new Failure(
    'ContractViolation',
    `${name === undefined ? 'A log segment' : `The log segment \`${name}\``} in the store is damaged: ${how}. Restore the store from a backup, or start the plan again.`,
  );
