export const DIGITS = 0;
