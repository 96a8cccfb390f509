import { expecting, Failure } from '../../core/outcome/failure.js';
import type { BatchedRequest } from '../../core/outcome/rows.js';
import type { AskWork } from '../../core/plan/render.js';
import type { BatchRequest } from '../../ports/batches.js';
import { whoNeeds } from '../endings.js';
import { keyOf, openUnit } from '../holding.js';
import type { Effects, Lease } from '../lease.js';
import { inputFailure, prepare } from '../prepare.js';
import { contentOfTry, findResult } from '../reuse.js';

export type Request = BatchRequest & BatchedRequest;

/** Who only reads a log is superseded by nobody. */
const READER = { dispatch: Number.MAX_SAFE_INTEGER, attempt: 1 };

/**
 * What the first try of a brief or an instance would ask; undefined where it asks nothing, or says itself why it cannot: it
 * has begun, is not needed, fails on its values, or its result is used again.
 * @throws Failure `StoreUnavailable`, `ContractViolation`
 */
export async function requestOf(
  lease: Lease,
  effects: Effects,
  k: number | undefined,
): Promise<Request | undefined> {
  const at = k === undefined ? {} : { k };
  const unit = await openUnit({ ...lease, ...at, holder: READER }, effects);
  const { final, tries, again, fellBack } = unit.log.state;
  if (final || tries > 0 || again > 0 || fellBack) return undefined;
  const prepared = await prepare(whoNeeds(unit), effects.digest, unit.log.state, unit.fan).catch(
    inputFailure,
  );
  if (prepared instanceof Failure || !prepared.work) return undefined;
  const content = await contentOfTry(unit, prepared, undefined).catch(expecting('InvalidInput'));
  if (content instanceof Failure) return undefined;
  const found = await findResult(unit, prepared, { content, start: undefined });
  if ('reused' in found) return undefined;
  return { key: keyOf(unit, prepared.work), work: prepared.work.told as AskWork, ...at };
}

/** Rendered at a time. */
const TOGETHER = 20;

/** Of these, one after the other; a prompt is held no longer than who asks for it holds it. */
export async function* requestsOf(
  lease: Lease,
  effects: Effects,
  ks: readonly (number | undefined)[],
): AsyncGenerator<Request> {
  for (let i = 0; i < ks.length; i += TOGETHER) {
    lease.signal.throwIfAborted();
    const some = ks.slice(i, i + TOGETHER).map((k) => requestOf(lease, effects, k));
    for (const request of await Promise.all(some)) if (request) yield request;
  }
}
