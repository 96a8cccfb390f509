import type { Node } from '../core/graph/node.js';

/** Of a run that is within another. */
export interface Part {
  /** What it is to the workflow that began it. */
  readonly node: Node;
  /** Id and first execution run id of the run it is within. */
  readonly of: { readonly id: string; readonly first: string };
  /** How many runs it is within. */
  readonly depth: number;
  /** ms since the epoch. */
  readonly deadlineAt?: number;
  /** Slots it begins with. */
  readonly slots: number;
  /** Briefs that it was granted. */
  readonly allowance: { readonly left: number; readonly had: number };
  /** Nothing is to start until somebody says so. */
  readonly paused?: true;
}

/** Names of signals between a run and the runs within it; nobody else's concern. */
export const SIGNALS = {
  /** To whoever began it: {@link Wants}. */
  wants: 'wants',
  /** To a run within: a number of slots. */
  lend: 'lend',
  /** To a run within: whether it is paused. */
  paused: 'paused',
  /** To whoever began it: {@link Asked}. */
  ask: 'ask',
  /** To a run within: {@link Answered}. */
  answered: 'answered',
} as const;

export interface Wants {
  readonly u: number;
  readonly k?: number;
  /** Slots it has a use for beyond the one it holds. */
  readonly wants: number;
  readonly back: number;
}
/** For so many briefs more; fewer than none: so many are given back, and nothing is answered. */
export interface Asked {
  /** Workflow id. */
  readonly from: string;
  readonly n: number;
  readonly count: number;
}
export interface Answered {
  readonly n: number;
  readonly granted: boolean;
}
