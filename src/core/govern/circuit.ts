import type { Message } from './lease.js';

/**
 * Whether a provider is asked at all. After so many failures in a row it is left alone for a while; then one call tries it,
 * and what becomes of that decides.
 */
export interface Circuit {
  /** In a row, seen by whatever worker. */
  readonly failures: number;
  /** Open: nothing goes out before, ms. Half-open from then on, until a call has come back. */
  readonly until?: number;
  /** How long it was left alone last, ms. */
  readonly restMs?: number;
  /** Half-open: the worker whose call tries it. */
  readonly probe?: string;
  /** Calls that it had under way besides, and still may have. */
  readonly besides?: number;
}

export const CLOSED: Circuit = { failures: 0 };

/** Failures in a row that open it. */
const MOST = 10;
/** How long it stays open first and at the longest, ms. */
const FIRST_REST = 5_000;
const LONGEST_REST = 120_000;

/** After what a worker has seen of its calls. */
export function seen(
  circuit: Circuit,
  worker: string,
  { answered, unavailable }: { readonly answered: number; readonly unavailable: number },
  now: number,
): Circuit {
  const failures = (answered > 0 ? 0 : circuit.failures) + unavailable;
  if (circuit.until === undefined) return failures >= MOST ? opened(failures, FIRST_REST, now) : { failures };
  if (answered > 0 && unavailable === 0) return CLOSED;
  // What was under way when it opened says nothing new.
  if (unavailable === 0 || circuit.probe !== worker) return circuit;
  return opened(failures, Math.min(LONGEST_REST, 2 * (circuit.restMs ?? FIRST_REST)), now);
}

const opened = (failures: number, restMs: number, now: number): Circuit => ({
  failures,
  restMs,
  until: now + restMs,
});

/**
 * What calls of a worker may go now: all where it is closed, one where it is the one that tries, with those it had under way
 * before. Who has nothing to ask tries nothing.
 */
export function admitted(
  circuit: Circuit,
  { worker, waiting, calls }: Pick<Message, 'worker' | 'waiting' | 'calls'>,
  now: number,
): { readonly circuit: Circuit; readonly how: 'all' | 'one' | 'none' } {
  if (circuit.until === undefined) return { circuit, how: 'all' };
  if (now < circuit.until || (circuit.probe ?? worker) !== worker) return { circuit, how: 'none' };
  const besides = Math.min(circuit.besides ?? calls, calls);
  if (waiting.length === 0 && calls <= besides) return { circuit: without(circuit, worker), how: 'none' };
  return { circuit: { ...circuit, probe: worker, besides }, how: 'one' };
}

/** A worker tries nothing any more. */
export function without(circuit: Circuit, worker: string): Circuit {
  if (circuit.probe !== worker) return circuit;
  const { probe: _, besides: __, ...rest } = circuit;
  return rest;
}
