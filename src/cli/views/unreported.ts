import type { RunView } from '../../core/explain/runView.js';
import { clean, hang } from './columns.js';
import { headline } from './live.js';
import type { Look } from './look.js';

/** A run that has no report: still going, or ended before an integrator could see it. */
export function unreportedView(view: RunView, look: Look): string[] {
  const { id, phase, failure, endedAt } = view;
  const head = headline(view, endedAt ?? view.startedAt, look);
  if (endedAt === undefined)
    return [`${clean(view.name)} ${clean(id)} is still ${phase}.   muster watch ${clean(id)}`];
  const why = failure ? clean(`${failure.type}: ${failure.message}`) : 'no reason is on record';
  return [
    head,
    '',
    ...hang(' why      ', why, look.width),
    ...(phase === 'terminated'
      ? [` next     muster result ${clean(id)} --salvage   integrates what it left`]
      : []),
  ];
}
