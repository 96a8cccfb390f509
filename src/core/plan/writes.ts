import { roots } from './references.js';
import { templateReferences } from './template.js';

/** Whether a path depends on the item of an instance: its template names the item or the key. */
export const namesItem = (template: string, as: string): boolean =>
  roots(templateReferences(template)).some((root) => root === as || root === 'key');

/** A fan whose instances write the same path: they run one at a time. */
export const sharesWrites = (writes: readonly string[], as: string): boolean =>
  writes.some((template) => !namesItem(template, as));
