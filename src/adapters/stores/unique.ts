import { randomBytes } from 'node:crypto';

const own = `${process.pid}-${randomBytes(6).toString('hex')}`;
let count = 0;

/** A name for a file that no other process and no other call gives. */
export const unique = (): string => `${own}-${count++}`;

export const UNIQUE = /^\d+-[0-9a-f]{12}-\d+$/;
