import type { Unit } from '../core/graph/units.js';
import type { Reported, Shard } from '../core/schedule/state.js';
import type { RunName } from './unit.js';

/** Workflow type `shard`: instances of a fan, on behalf of a run that is its parent. */
export interface ShardInput extends Shard {
  readonly run: RunName;
  /** Digest of the stored plan. */
  readonly plan: string;
  /** The fan, its first instance here, and how many there are of it in all. */
  readonly u: number;
  readonly k: number;
  readonly width: number;
  readonly unit: Unit;
  /** So many instances at once, to begin with. */
  readonly slots: number;
  /** ms since the epoch. */
  readonly deadlineAt?: number;
  /** A failure is to be told at once. */
  readonly stop?: true;
  /** Somebody may begin as soon as some of the fan have ended: ends are to be told within seconds. */
  readonly counted?: true;
}

/** Names of signals between a run and its shards; nobody else's concern. */
export const SIGNALS = {
  /** To the run: {@link ShardReport}. */
  reported: 'reported',
  /** To a shard: a number of slots. */
  lend: 'lend',
  /** To a shard: `skip` or `retry` of an instance. */
  pass: 'pass',
  /** To a shard: how long the run has gone on, ms; it is to report at once. */
  inquire: 'inquire',
} as const;

export interface ShardReport extends Reported {
  readonly u: number;
  readonly k: number;
}
