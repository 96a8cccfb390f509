import type { Agreement } from './merged.js';

/** Nothing was compared. */
export const NO_AGREEMENT: Agreement = { compared: 0, agreed: 0 };

export const agreementOf = (all: readonly Agreement[]): Agreement =>
  all.reduce(
    (sum, { compared, agreed }) => ({ compared: sum.compared + compared, agreed: sum.agreed + agreed }),
    NO_AGREEMENT,
  );
