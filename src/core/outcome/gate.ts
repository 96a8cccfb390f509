/** What a person is asked, without what is shown: that lies in the store, under the same digest. */
export interface Question {
  /** Of exactly what is shown: an answer names it, so that nobody answers what they have not seen. */
  readonly digest: string;
  /** When it was asked, ms since the epoch. */
  readonly since: number;
  /** When nobody waits for an answer any longer, ms since the epoch; absent: it waits as long as the run. */
  readonly until?: number;
}

/** `expired`: nobody answered in time. */
export interface Answer {
  readonly verdict: 'approved' | 'rejected' | 'expired';
  /** Of the question that it answers. */
  readonly digest: string;
  readonly by?: string;
  readonly note?: string;
}

/** Bytes of UTF-8 that an answer has room for: it goes through history and state. */
export const MAX_BY = 100;
export const MAX_NOTE = 400;

/** Of UTF-8. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
