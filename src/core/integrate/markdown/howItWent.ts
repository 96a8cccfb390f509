import { STATUSES } from '../../outcome/outcome.js';
import type { Plan } from '../../plan/plan.js';
import type { Bounds, Link } from '../bounds.js';
import type { Facts } from '../facts.js';
import type { Report } from '../report.js';
import { anewInWords, counted, duration, tallyOf } from '../words.js';
import { code } from './escape.js';
import { table } from './tables.js';

const SLOWEST = 10;
const CHAIN = 12;
const PER_WAVE = 8;

/** Status, time and what bounded it, tries, tokens. */
export function howItWent({ run }: Report, { limits }: Plan): string[] {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Status', `${run.status} (${ENDINGS[run.ending]})`],
    ['Time', `${duration(run.wallMs)}, from ${instant(run.started)} to ${instant(run.ended)}`],
    [
      'Sum of briefs',
      `${duration(run.sumMs)}, as if one came after the other: ${run.ratio} × the time it took`,
    ],
    ['Bounded by', run.boundedBy && bounded(run.boundedBy, limits.concurrency)],
    ['Briefs', `${counted(run.briefs.length, 'expected brief')}, ${run.agents} carried out: ${counts(run)}`],
    ['Tries', tries(run)],
    ['Re-run of', run.rerunOf === undefined ? undefined : code(run.rerunOf)],
    ['Patched', patched(run)],
    ['Used again', run.reused === 0 ? undefined : counted(run.reused, 'result')],
    ['Carried out because', whyAnew(run)],
    ['Answered by', answeredBy(run)],
    ['Tokens', tokens(run)],
    [
      'Processor time',
      run.usage?.cpuSeconds === undefined ? undefined : duration(run.usage.cpuSeconds * 1_000),
    ],
    [
      'Peak memory of one brief',
      run.usage?.peakMemory === undefined ? undefined : `${Math.ceil(run.usage.peakMemory / 2 ** 20)} MB`,
    ],
    ['Run', code(run.id)],
    ['Answer', `\`${run.answer}\` (SHA-256: the same outcomes give the same)`],
  ];
  return [
    ...table(
      ['', ''],
      rows.flatMap(([what, said]) => (said === undefined ? [] : [[what, said]])),
    ),
    '',
    `Waves (${run.waves.length}), as the plan's needs and locks order them:`,
    '',
    ...run.waves.map(
      (wave, n) =>
        `${n + 1}. ${wave.slice(0, PER_WAVE).map(code).join(', ')}${wave.length > PER_WAVE ? ` and ${wave.length - PER_WAVE} more` : ''}`,
    ),
    ...slowest(run),
  ];
}

function patched({ patches = [] }: Report['run']): string | undefined {
  const said = patches.map(({ at, changed, added, removed, plan }) => {
    const ids = (word: string, all: readonly string[]) =>
      all.length === 0
        ? []
        : [`${word} ${all.slice(0, PER_WAVE).map(code).join(', ')}${all.length > PER_WAVE ? ', …' : ''}`];
    const changes = changed.map(({ id }) => id);
    const parts = [
      ...ids('changed', changes),
      ...ids('added', added),
      ...ids('took out', removed),
      ...ids('and of the plan', plan),
    ];
    return `at ${instant(at)}, ${parts.join('; ')}`;
  });
  return said.length === 0 ? undefined : said.join('. ');
}

const ENDINGS = {
  completed: 'the run came to its end',
  failed: 'stopped at a failure',
  cancelled: 'cancelled by a person',
  deadline: "stopped at the run's deadline",
  salvaged: 'put together from the log of a run that did not come to its end',
} as const;

const instant = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

const counts = ({ counts }: Facts): string =>
  STATUSES.flatMap((status) => (counts[status] ? [`${counts[status]} ${status}`] : [])).join(' · ');

function tries({ tries, briefs, takenUpAgain }: Facts): string {
  const more = briefs.filter((brief) => brief.tries > 1).length;
  const again =
    takenUpAgain > 0 ? `; ${counted(takenUpAgain, 'brief')} taken up again after a worker fell silent` : '';
  return `${tries}, ${more === 0 ? 'none of them a second one' : `${counted(more, 'brief')} with more than one`}${again}`;
}

/** `12 were not done there · 3 differ in argv`. */
function whyAnew({ briefs }: Facts): string | undefined {
  const counts = tallyOf(briefs.flatMap(({ anew }) => (anew ? [anewInWords(anew)] : [])));
  return counts.size === 0 ? undefined : [...counts].map(([why, n]) => `${why}: ${n}`).join(' · ');
}

function answeredBy({ models = [] }: Facts): string | undefined {
  const names = models.map(
    ({ model, briefs, simulated }) =>
      `${code(model)} (${counted(briefs, 'brief')}${simulated ? ', simulated' : ''})`,
  );
  return names.length === 0 ? undefined : names.join(' · ');
}

function tokens({ usage }: Facts): string | undefined {
  const parts = [
    usage?.inputTokens !== undefined && `${usage.inputTokens.toLocaleString('en-US')} in`,
    usage?.outputTokens !== undefined && `${usage.outputTokens.toLocaleString('en-US')} out`,
  ].filter((part) => part !== false);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

function bounded({ by, name, chain }: Bounds, concurrency: number): string {
  const path =
    chain.length > CHAIN ? [...chain.slice(0, CHAIN / 2), undefined, ...chain.slice(-CHAIN / 2)] : chain;
  const links = path
    .map((link) =>
      link ? `${waited(link)}${code(link.label)} ${duration(link.ms)}` : `… ${chain.length - CHAIN} more …`,
    )
    .join(' → ');
  const what = {
    needs: 'the longest path:',
    deadline: "the run's deadline, reached during",
    concurrency: `that ${concurrency} briefs may run at once:`,
    capacity: `${code(name ?? '')}, which briefs waited for:`,
    wave: 'waves that wait for each other:',
    worker: 'waiting for a worker:',
  }[by];
  return `${what} ${links}`;
}

/** Waits of a second and more are worth a word. */
function waited({ waitedMs, waitedFor }: Link): string {
  if (!waitedFor || waitedMs < 1_000) return '';
  const what = {
    concurrency: 'a free place',
    capacity: code(waitedFor.name ?? ''),
    wave: 'the wave before',
    worker: 'a worker',
  }[waitedFor.kind];
  return `(${duration(waitedMs)} waiting for ${what}) `;
}

function slowest({ briefs }: Facts): string[] {
  const timed = briefs.filter(({ busyMs }) => busyMs !== undefined).sort((a, b) => b.busyMs! - a.busyMs!);
  if (timed.length === 0) return [];
  const rows = timed
    .slice(0, SLOWEST)
    .map(({ label, busyMs, tries, status }) => [code(label), duration(busyMs!), `${tries}`, status]);
  const rest =
    timed.length > SLOWEST
      ? ['', `… and ${timed.length - SLOWEST} shorter ones in \`report.json\`, under \`run.briefs\`.`]
      : [];
  return [
    '',
    'The briefs that took longest:',
    '',
    ...table(['Brief', 'Time', 'Tries', 'Ended'], rows),
    ...rest,
  ];
}
