/** How a format sets words; `T` is what is set. */
export interface Marks<T> {
  /** What somebody says, within a line. */
  readonly prose: (text: string) => T;
  /** Shown as it is: paths, values, names. */
  readonly code: (text: string) => T;
  /** A brief or instance, by its label. */
  readonly brief: (label: string) => T;
  readonly strong: (words: T) => T;
  readonly em: (words: T) => T;
  /** Words of Muster's own, around what is set. */
  readonly say: (words: TemplateStringsArray, ...set: readonly (T | string | number)[]) => T;
}

export type Joined<T> = (all: readonly T[], between: T | string) => T;

export const joinedBy =
  <T>({ say }: Marks<T>): Joined<T> =>
  ([first, ...others], between) =>
    others.reduce((line, one) => say`${line}${between}${one}`, first ?? say``);
