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

/** Whether a worker's call may go now: closed, or it is the one that tries. */
export function admitted(
  circuit: Circuit,
  worker: string,
  now: number,
): { readonly circuit: Circuit; readonly how: 'all' | 'one' | 'none' } {
  if (circuit.until === undefined) return { circuit, how: 'all' };
  if (now < circuit.until) return { circuit, how: 'none' };
  if (circuit.probe !== undefined && circuit.probe !== worker) return { circuit, how: 'none' };
  return { circuit: { ...circuit, probe: worker }, how: 'one' };
}

/** A worker is gone: it tries nothing any more. */
export function without(circuit: Circuit, worker: string): Circuit {
  if (circuit.probe !== worker) return circuit;
  const { probe: _, ...rest } = circuit;
  return rest;
}
