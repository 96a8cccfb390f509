import type { Problem } from '../../core/plan/problems.js';
import { clean, hang, widest, widthOf } from './columns.js';
import type { Look } from './look.js';
import { count } from './quantities.js';

export type NotDone = 'started' | 'patched' | 'integrated';

const MOST = 20;
const PATH_COLUMNS = 28;

/**
 * Why a plan was refused, in document order.
 * @param all shows every problem instead of the first 20
 * @param not what for want of a sound plan was not done
 */
export function problemsView(
  file: string,
  problems: readonly Problem[],
  look: Look,
  { all = false, not = 'started' }: { readonly all?: boolean; readonly not?: NotDone } = {},
): string[] {
  const { paint, width } = look;
  const errors = problems
    .filter(({ severity }) => severity === 'error')
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const shown = all ? errors : errors.slice(0, MOST);
  const places = shown.map(({ line }) => (line === undefined ? '' : `line ${line}`));
  const placeWidth = widest(places, 12);
  const pathWidth = widest(
    shown.map(({ path }) => path).filter((path) => widthOf(path) <= PATH_COLUMNS),
    PATH_COLUMNS,
  );
  const lines = shown.flatMap(({ path, message }, i) => {
    const place = placeWidth ? `${places[i]!.padEnd(placeWidth)}  ` : '';
    // A path that is too long for its column stands on a line of its own.
    if (widthOf(path) > pathWidth)
      return [
        ` ${place}${paint.bold(clean(path))}`,
        ...hang(' '.repeat(place.length + 3), clean(message), width),
      ];
    const head = ` ${place}${paint.bold(clean(path))}${' '.repeat(pathWidth - widthOf(path))}${pathWidth ? '   ' : ''}`;
    return hang(head, clean(message), width);
  });
  return [
    `${paint.bold(clean(file))}: ${paint.red(count(errors.length, 'problem'))}, nothing was ${not}`,
    '',
    ...lines,
    ...leftOut(errors.length - shown.length),
  ];
}

/** Warnings of a plan that is otherwise sound: the first 20, or `all`. */
export function warningsView(file: string, warnings: readonly Problem[], look: Look, all = false): string[] {
  const { paint, width } = look;
  const shown = all ? warnings : warnings.slice(0, MOST);
  const lines = shown.flatMap(({ line, path, message }) => {
    const place = line === undefined ? path : `${file}:${line}`;
    return hang(`   ${paint.yellow('warning')}  `, clean(`${place}  ${message}`), width);
  });
  return [...lines, ...leftOut(warnings.length - shown.length)];
}

const leftOut = (n: number): string[] => (n > 0 ? [` … ${n} more, all with -v`] : []);
