/** What of a list lies apart, or of a value that is no list: all of it. */
export interface Apart {
  /** JSONPath within the answer: `$.data.rows`. */
  readonly at: string;
  /** How many items of the list are in the report; absent of a value that is no list: `null` stands in its place. */
  readonly from?: number;
  /** How many lie apart. */
  readonly count: number;
  /** Of conflicts: how many of those that lie apart nobody may decide. Absent: none. */
  readonly undecided?: number;
  /** JSON Lines, an item a line, in order. */
  readonly parts: readonly Part[];
}

interface Part {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** Items. */
  readonly count: number;
}

/** How many there are of a list, in the report and apart. @param at its path from the answer: `conflicts`, `data.rows` */
export const totalAt = (
  { apart = [] }: { readonly apart?: readonly Apart[] },
  at: string,
  inReport: number,
): number => inReport + (apart.find((one) => one.from !== undefined && one.at === `$.${at}`)?.count ?? 0);
