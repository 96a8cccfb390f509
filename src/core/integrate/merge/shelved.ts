import type { Json } from '../../outcome/canonical.js';
import { Kept, type Scratch, valuesOf } from '../wide/scratch.js';
import { agreementOf, NO_AGREEMENT } from './agreement.js';
import type { Item } from './arrange.js';
import type { MergedItem } from './group.js';
import type { Conflict, Duplicate } from './merged.js';

/** An item whose value lies in scratch. */
export class KeptItem extends Kept<Json> implements Item {
  constructor(
    scratch: Scratch,
    value: Json,
    readonly by: readonly string[],
  ) {
    super(scratch, value);
  }
}

/** What came of the groups, one after the other. */
export function shelved(scratch: Scratch) {
  const items: Item[] = [];
  const conflicts: Kept<Conflict>[] = [];
  const duplicates: Kept<Duplicate>[] = [];
  const by = sharing();
  let agreement = NO_AGREEMENT;
  return {
    items,
    add(one: MergedItem): void {
      items.push(new KeptItem(scratch, one.item.value, by(one.item.by)));
      for (const conflict of one.conflicts) conflicts.push(new Kept(scratch, conflict));
      for (const duplicate of one.duplicates) duplicates.push(new Kept(scratch, duplicate));
      agreement = agreementOf([agreement, one]);
    },
    conflicts: () => valuesOf(conflicts),
    duplicates: () => valuesOf(duplicates),
    agreement: () => agreement,
  };
}

/** Many items are said by the same: their labels are one list. */
function sharing(): (by: readonly string[]) => readonly string[] {
  let last: readonly string[] = [];
  return (by) => {
    if (by.length !== last.length || by.some((label, n) => label !== last[n])) last = by;
    return last;
  };
}
