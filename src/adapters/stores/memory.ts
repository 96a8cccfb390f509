import { randomBytes } from 'node:crypto';
import type { Store } from '../../ports/store.js';
import { checkName } from './names.js';

/** A store for as long as the process lives: trials, tests, previews. */
export function memoryStore(): Store {
  const files = new Map<string, Uint8Array>();
  return {
    id: randomBytes(6).toString('hex'),
    async create(name, bytes) {
      checkName(name);
      if (files.has(name)) return 'exists';
      files.set(name, bytes.slice());
      return 'created';
    },
    async read(name, range) {
      checkName(name);
      return files.get(name)?.slice(range?.offset, range && range.offset + range.length);
    },
    async list(prefix) {
      return [...files.keys()].filter((name) => name.startsWith(prefix));
    },
  };
}
