import type { Pruned } from '../../client.js';
import { clean, hang } from './columns.js';
import type { Look } from './look.js';
import { bytes, count } from './quantities.js';

type KeptRun = Pruned['kept']['runs'][number];

/** What a prune removed, or would, and what it kept and why. */
export function pruneView({ dryRun, removed, kept }: Pruned, { width, paint }: Look): string[] {
  const line = (head: string, text: string) => hang(` ${paint.dim(head.padEnd(13))} `, text, width);
  const { runs, artifacts } = removed;
  const what = [count(runs.length, 'run'), count(artifacts, 'artifact'), bytes(removed.bytes)].join(' · ');
  return [
    ...line(dryRun ? 'would remove' : 'removed', what),
    ...(runs.length > 0 ? line('', runs.map(({ id }) => clean(id)).join(', ')) : []),
    ...REASONS.flatMap(([kind, why]) => {
      const because = kept.runs.filter((run) => run.because.kind === kind);
      if (because.length === 0) return [];
      const which = why.endsWith(':') ? ` ${because.map(label).join(', ')}` : '';
      return line('kept', `${count(because.length, 'run')} ${why}${which}`);
    }),
    ...kept.artifacts.flatMap((of) =>
      line('kept', `${count(of.count, 'artifact')} that ${clean(of.run)} refers to as well`),
    ),
    ...(kept.results > 0
      ? line('kept', `${count(kept.results, 'result')} of removed runs that \`cache\` still lets others use`)
      : []),
    ...(kept.recent > 0
      ? line('kept', `${count(kept.recent, 'file')} written just now, or since an open run or a start began`)
      : []),
    ...kept.uncleared.flatMap(({ id, problem }) =>
      line('kept', `copies of the report of ${clean(id)}: ${clean(problem)}`),
    ),
  ];
}

const REASONS: readonly (readonly [KeptRun['because']['kind'], string])[] = [
  ['open', 'open:'],
  ['pinned', 'pinned:'],
  ['repeated', 'being repeated:'],
  ['young', 'too young'],
  ['newest', 'among the newest of their plan'],
];

const label = ({ id, because }: KeptRun): string =>
  clean(id) + (because.kind === 'repeated' ? ` (by ${clean(because.by)})` : '');
