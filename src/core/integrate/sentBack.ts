/** A brief or instance that is to be carried out once more, and what is wrong with what it delivered. */
export interface SentBack {
  readonly u: number;
  readonly k?: number;
  readonly label: string;
  readonly findings: readonly string[];
}
