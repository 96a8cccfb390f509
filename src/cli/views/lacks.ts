import { listed } from '../../core/integrate/words.js';
import { clean, cut, hang, widest, widthOf } from './columns.js';
import type { Look } from './look.js';
import { thousands } from './quantities.js';
import { reasonOf } from './reasons.js';

/** Lines of each list of what went wrong; the report has them all. */
const MOST = 5;
/** Columns below which a reason stands under its name rather than beside it. */
const NARROW = 44;

/** Something that is not as it was asked for. */
interface Lack {
  readonly status: string;
  readonly name: string;
  readonly why: string;
}

/** Those of which the same is to be said become one, with the names of all. */
function together(all: readonly Lack[]): readonly (Lack & { readonly names: readonly string[] })[] {
  const groups = new Map<string, Lack & { readonly names: string[] }>();
  for (const { status, name, why } of all) {
    const reason = reasonOf(why, name);
    const key = `${status} ${reason}`;
    const group = groups.get(key) ?? { status, name, why: reason, names: [] };
    groups.set(key, group);
    group.names.push(name);
  }
  return [...groups.values()];
}

/** A list of them: what became of each, its name, and why. */
export function lacks(all: readonly Lack[], { paint, width }: Look): string[] {
  const groups = together(all);
  const shown = groups.slice(0, MOST);
  const rest = groups.slice(MOST).reduce((sum, { names }) => sum + names.length, 0);
  const statuses = widest(
    shown.map(({ status }) => status),
    12,
  );
  const names = widest(
    shown.map(({ name }) => name),
    40,
  );
  const beside = width - statuses - names - 9 >= NARROW;
  const lines = shown.flatMap(({ status, name, why, names: [, ...others] }) => {
    const head = `   ${paint.yellow(status)}${' '.repeat(statuses - widthOf(status))}   `;
    const called = cut(name, names);
    const titled = `${head}${paint.bold(called)}`;
    const reason = others.length > 0 ? clean(`${why} The same: ${listed(others)}`) : why;
    if (beside) return hang(`${titled}${' '.repeat(names - widthOf(called))}   `, reason, width);
    return [titled, ...hang(' '.repeat(widthOf(head) + 2), reason, width)];
  });
  return rest > 0 ? [...lines, `   … ${thousands(rest)} more, in the report`] : lines;
}
