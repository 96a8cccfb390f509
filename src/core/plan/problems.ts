/** One thing wrong, or doubtful, with a plan: what, where, and what to do. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** Path in the document, such as `briefs[1].needs[0]`; empty for the document itself. */
  readonly path: string;
  /** Counted from 1; absent where the plan came without text. */
  readonly line?: number;
  readonly message: string;
}
