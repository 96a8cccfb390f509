/** A file or a link in a tree, in git's words. */
export interface Entry {
  /** A file, one that may be executed, a symbolic link. */
  readonly mode: '100644' | '100755' | '120000';
  /** Object id of its content. */
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

/** What lies at a path; undefined is nothing. */
export type State = Entry | undefined;

/** What became of a path. `before` is absent where it was added, `after` where it was deleted. */
export interface Change {
  /** From the root of the tree, with forward slashes. */
  readonly path: string;
  readonly before?: Entry;
  readonly after?: Entry;
}

export type ChangeKind = 'added' | 'modified' | 'deleted';

export const kindOf = ({ before, after }: Omit<Change, 'path'>): ChangeKind =>
  before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified';

export const sameState = (a: State, b: State): boolean => a?.id === b?.id && a?.mode === b?.mode;

export const LINK: Entry['mode'] = '120000';
