import { type Book, EMPTY_BOOK, foldBook } from '../../core/batch/book.js';
import type { Place } from '../segments.js';
import { keptLogs, type SharedLog } from '../sharedLog.js';

export type BatchLog = SharedLog<Book>;

/** Of a unit. @param run first execution run id */
export const batchesOf = (run: string, u: number): Place => ({ run, unit: `q${u}` });

/** Few at a time: each holds its answers. @throws Failure `StoreUnavailable`, `ContractViolation` */
export const openBatchLog = keptLogs(4, { empty: EMPTY_BOOK, fold: foldBook });
