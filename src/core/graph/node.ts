/** A unit, or instance `k` of a fan; a fan without `k` is the fan itself, or its expansion. */
export interface Node {
  readonly u: number;
  readonly k?: number;
}

/** `3`, or `3.17`: how states, logs and activities are named. */
export const nameOf = ({ u, k }: { readonly u: number; readonly k?: number | undefined }): string =>
  k === undefined ? `${u}` : `${u}.${k}`;

/** The node of a name. */
export function nodeNamed(name: string): Node {
  const [u, k] = name.split('.').map(Number);
  return k === undefined ? { u: u! } : { u: u!, k };
}

/** Nothing but the place, of something that has one. */
export const bare = ({ u, k }: Node): Node => (k === undefined ? { u } : { u, k });
