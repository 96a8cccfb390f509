import type { Finding } from '../evidence/statement.js';

/** The answer as a model phrased it from the merged data, as far as code found it borne out. */
export interface Prose {
  readonly sections: readonly Section[];
}

export interface Section {
  readonly title: string;
  readonly paragraphs: readonly Paragraph[];
  /** What the writer said and its sources do not bear out: it is not in the text. Absent: nothing. */
  readonly rejected?: readonly Rejected[];
  /** What the text was to speak of and does not. Absent: nothing. */
  readonly lacking?: readonly string[];
  /** Why there is no text. */
  readonly failed?: string;
}

export type Paragraph = readonly Sentence[];

export interface Sentence {
  readonly text: string;
  /** Labels of the briefs whose results it rests on. */
  readonly cites: readonly string[];
}

interface Rejected extends Sentence {
  readonly findings: readonly Finding[];
}

/** Whether something of it is not as asked. */
export const isFlawed = ({ rejected, lacking, failed }: Section): boolean =>
  rejected !== undefined || lacking !== undefined || failed !== undefined;
