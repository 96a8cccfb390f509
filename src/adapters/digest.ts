import { hash } from 'node:crypto';
import type { Digest } from '../core/outcome/canonical.js';

/** Lower-case hex SHA-256; a string is hashed as UTF-8. */
export const sha256: Digest = (bytes) => hash('sha256', bytes);
