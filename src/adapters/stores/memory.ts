import { randomBytes } from 'node:crypto';
import type { Store } from '../../ports/store.js';
import { checkName } from './names.js';

/** A store for as long as the process lives: trials, tests, previews. */
export function memoryStore(now: () => number = Date.now): Store {
  const files = new Map<string, { readonly bytes: Uint8Array; readonly at: number }>();
  return {
    id: randomBytes(6).toString('hex'),
    async create(name, bytes) {
      checkName(name);
      const there = files.get(name);
      files.set(name, { bytes: there?.bytes ?? bytes.slice(), at: now() });
      return there ? 'exists' : 'created';
    },
    async read(name, range) {
      checkName(name);
      return files.get(name)?.bytes.slice(range?.offset, range && range.offset + range.length);
    },
    async list(prefix) {
      return [...files.keys()].filter((name) => name.startsWith(prefix));
    },
    async look(name) {
      checkName(name);
      const there = files.get(name);
      return there && { size: there.bytes.length, at: there.at };
    },
    async remove(name, since = Number.POSITIVE_INFINITY) {
      checkName(name);
      const there = files.get(name);
      if (!there || !(there.at < since)) return undefined;
      files.delete(name);
      return there.bytes.length;
    },
  };
}
