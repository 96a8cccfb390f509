import type { Muster } from '../../client.js';
import { column, cut, pad, widest, widthOf } from './columns.js';
import type { Look } from './look.js';
import { mark, patched } from './marks.js';
import { span } from './quantities.js';

type Entries = Awaited<ReturnType<Muster['list']>>;

/** Runs that the store knows, newest first. */
export function listView(entries: Entries, now: number, { width, paint }: Look): string[] {
  if (entries.length === 0) return ['No run yet. Start one: muster run PLAN'];
  const ids = widest(['run', ...entries.map(({ id }) => id)], 24);
  const names = widest(['plan', ...entries.map(({ name }) => name)], Math.max(16, width - ids - 46));
  const row = (id: string, name: string, state: string, began: string, took: string) =>
    ` ${column(id, ids)}  ${column(name, names)}  ${pad(state, 12)}  ${pad(began, 14)}  ${took}`.trimEnd();
  return [
    paint.dim(row('run', 'plan', 'state', 'began', 'took')),
    ...entries.map(({ id, name, openedAt, closed, patches, pinned }) =>
      row(
        paint.bold(cut(id, ids)) + ' '.repeat(Math.max(0, ids - widthOf(id))),
        name,
        closed ? mark(closed.status, paint) : paint.cyan('● open'),
        `${span(now - openedAt)} ago`,
        [
          closed ? span(closed.closedAt - openedAt) : '',
          patches ? patched(patches) : '',
          pinned ? 'pinned' : '',
        ]
          .filter(Boolean)
          .join(' · '),
      ),
    ),
  ];
}
