import { dollars, limitInWords } from '../../core/budget/words.js';
import type { BriefNote, Explanation } from '../../core/explain/explain.js';
import type { Problem } from '../../core/plan/problems.js';
import { clean, cut, hang, pad, widest, widthOf, wrap } from './columns.js';
import type { Look } from './look.js';
import { warningsView } from './problems.js';
import { amount, count, span, thousands } from './quantities.js';

export interface Planned {
  readonly file: string;
  readonly explanation: Explanation;
  readonly warnings: readonly Problem[];
}

/** Briefs that are shown one to a line, with what each waits for; more of them flow. */
const ONE_TO_A_LINE = 40;
/** Waves shown, and lines of each, unless all are asked for. */
const MOST_WAVES = 12;
const MOST_LINES = 4;
const HEAD = 15;

/** What a plan would do: waves, longest path, whether parallel is worth it, what takes turns, what is doubtful. */
export function planView({ file, explanation, warnings }: Planned, look: Look, all = false): string[] {
  const { longestPath, tries, serialised } = explanation;
  const row = (head: string, text: string): string[] => hang(` ${head.padEnd(HEAD)}`, text, look.width);
  const path =
    longestPath.briefs.length > 8
      ? [
          ...longestPath.briefs.slice(0, 4),
          `… ${longestPath.briefs.length - 7} more …`,
          ...longestPath.briefs.slice(-3),
        ]
      : longestPath.briefs;
  return [
    headline(explanation, look),
    '',
    ...wavesView(explanation, look, all),
    '',
    ...row(
      'longest path',
      path.join(' → ') + (longestPath.ms === undefined ? '' : ` · ${span(longestPath.ms)} estimated`),
    ),
    ...modelRows(explanation, row),
    ...handOffRows(explanation, row),
    ...worthRows(explanation, row),
    ...callRows(explanation, row),
    ...row(
      'tries',
      tries.least === tries.most
        ? thousands(tries.least)
        : `${thousands(tries.least)} to ${thousands(tries.most)}`,
    ),
    ...row(
      'conflicts',
      `${serialised.length ? `${serialised.length} solved by taking turns` : 'none'} · ${count(warnings.length, 'warning')}`,
    ),
    ...serialised.flatMap(({ capacity, resource, briefs, because }) =>
      hang(
        `   ${look.paint.cyan('in turns')}  `,
        clean(`${resource} (${capacity}): ${briefs.join(', ')}. ${because}.`),
        look.width,
      ),
    ),
    ...warningsView(file, warnings, look, all),
  ];
}

function headline(
  { name, briefs: { written, least, most }, waves, mode }: Explanation,
  { paint }: Look,
): string {
  const fanned =
    most === written ? '' : `, ${least === most ? '' : 'up to '}${thousands(most)} after fan-out`;
  return [
    `${paint.bold(clean(name))}`,
    `${count(written, 'brief')}${fanned}`,
    `${count(waves.length, 'wave')}${mode === 'barrier' ? ', each waits for the one before' : ''}`,
  ].join(' · ');
}

function wavesView({ waves, briefs }: Explanation, look: Look, all: boolean): string[] {
  const digits = String(waves.length).length;
  const shown = all || waves.length <= MOST_WAVES ? waves : waves.slice(0, MOST_WAVES);
  const listed = all || briefs.written <= ONE_TO_A_LINE;
  const names = listed ? widest(shown.flat().map(called), Math.floor(look.width / 2)) : 0;
  const lines = shown.flatMap((wave, i) => {
    const head = ` wave ${String(i + 1).padStart(digits)}  `;
    const body = listed
      ? wave.map((note) => lineOf(note, names, look.width - widthOf(head)))
      : flow(wave, look.width - widthOf(head));
    return body.map((line, n) => (n === 0 ? look.paint.bold(head) : ' '.repeat(widthOf(head))) + line);
  });
  return shown.length === waves.length
    ? lines
    : [...lines, ` … ${count(waves.length - shown.length, 'more wave')}, all with -v`];
}

/** `dig × explore.output.topics (max 200)`, `review × inputs.files (34)`. */
function called({ id, fan }: BriefNote): string {
  if (!fan) return id;
  const { least, most, max, overflow } = fan;
  const word = overflow && most === max ? 'first ' : least < most ? 'max ' : '';
  return `${id} × ${fan.over} (${word}${thousands(most)})`;
}

function lineOf(note: BriefNote, names: number, width: number): string {
  const { does, runs, waitsFor, holds, when, estimateMs, waitsMs, stallMs } = note;
  const { once, fallback, workspace, join } = note;
  const held = Object.entries(holds).map(([resource, amount]) =>
    amount === 1 ? resource : `${amount} of ${resource}`,
  );
  const notes = [
    does === 'plan' ? `runs ${runs ? `${runs.file}, ${count(runs.briefs, 'brief')}` : 'a plan'}` : '',
    does === 'gate' ? `asks a person${waitsMs === undefined ? '' : `, for ${span(waitsMs)}`}` : '',
    estimateMs === undefined || (does === 'gate' && estimateMs === 0) ? '' : `about ${span(estimateMs)}`,
    held.length ? `holds ${held.join(', ')}` : '',
    waitsFor.length ? `waits for ${waitsFor.map((need) => awaited(need, note)).join(', ')}` : '',
    join ?? '',
    when ? `if ${when}` : '',
    stallMs === undefined ? '' : `stopped after ${span(stallMs)} of silence`,
    once ? 'never twice' : '',
    fallback ? `falls back on ${fallback === 'constant' ? 'a constant' : `\`${fallback}\``}` : '',
    workspace ? `own ${workspace.kind}, ${kept(workspace)}` : '',
  ].filter(Boolean);
  const name = cut(called(note), names);
  return `${pad(name, names)}   ${cut(notes.join(' · '), width - names - 3)}`.trimEnd();
}

/** Briefs that are named where several ask the same model for the same reason. */
const NAMED = 4;

/** Which model is asked by which briefs, and why that one: `small-1 (fast: its role explorer says so): explore`. */
function modelRows({ waves }: Explanation, row: (head: string, text: string) => string[]): string[] {
  const asking = new Map<string, string[]>();
  for (const { id, asks } of waves.flat()) {
    if (!asks) continue;
    const who = askedOf(asks);
    asking.set(who, [...(asking.get(who) ?? []), id]);
  }
  return [...asking].flatMap(([who, ids], n) => {
    const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
    return row(n === 0 ? 'asks' : '', clean(`${who}: ${ids.slice(0, NAMED).join(', ')}${more}`));
  });
}

/** `212 to 640 · 0.9 M to 2.1 M tokens · $2.10 to $4.60 of $5.00`. */
function callRows({ calls }: Explanation, row: (head: string, text: string) => string[]): string[] {
  if (!calls) return [];
  const { usd, tokens, budget = {}, unpriced, batched, beyond } = calls;
  const allowed = limitInWords(budget);
  const parts = [
    between(calls.calls, thousands),
    `${between(tokens, amount)} tokens`,
    ...(usd ? [between(usd, dollars)] : []),
    ...(batched ? ['the least in batches, at the batch price'] : []),
    ...(allowed ? [`${allowed} allowed`] : []),
  ];
  const unknown = unpriced.length > 0 ? [`the price of ${unpriced.join(', ')} is not known`] : [];
  const more = beyond.length > 0 ? [`${beyond.join(' and ')} not counted`] : [];
  return row('calls', [...parts, ...unknown, ...more].join(' · '));
}

const between = (
  { least, most }: { readonly least: number; readonly most: number },
  how: (n: number) => string,
) => (how(least) === how(most) ? how(most) : `${how(least)} to ${how(most)}`);

/** `3 compatible · 1 cannot be decided before delivery: explore → verdict`. */
function handOffRows(
  { handOffs = [] }: Explanation,
  row: (head: string, text: string) => string[],
): string[] {
  if (handOffs.length === 0) return [];
  const open = handOffs.filter(({ verdict }) => verdict !== 'compatible');
  const named = open.slice(0, NAMED).map(({ from, to }) => `${from} → ${to}`);
  const more = open.length > NAMED ? ` and ${open.length - NAMED} more` : '';
  const rest = open.length
    ? ` · ${open.length} cannot be decided before delivery: ${named.join(', ')}${more}`
    : '';
  return row('hand-offs', clean(`${handOffs.length - open.length} compatible${rest}`));
}

function askedOf({ model, tier, because, voters, ...often }: NonNullable<BriefNote['asks']>): string {
  const votes = oftenAsked(often);
  if (voters) return `${voters.join(', ')}, in turns${votes}`;
  return `${model} (${tier === model ? '' : `${tier}: `}${because})${votes}`;
}

function oftenAsked({
  samples,
  variants,
  viewpoints,
  tools,
  turns,
  calls,
}: Omit<NonNullable<BriefNote['asks']>, 'model' | 'tier' | 'because' | 'voters'>): string {
  if (tools) return `, with ${tools.join(', ')} in up to ${turns} turns and ${calls} calls`;
  if (samples !== undefined) return `, up to ${samples} samples`;
  if (variants !== undefined) return `, ${variants} variants`;
  return viewpoints === undefined ? '' : `, from ${viewpoints} viewpoints`;
}

/** `dig`, `dig (at least 90 %, by 1 h 30 min)`. */
function awaited(need: string, { awaits }: BriefNote): string {
  const { when, byMs, rest } = awaits?.[need] ?? {};
  const said = [
    typeof when === 'number' ? `at least ${when < 1 ? `${Number((when * 100).toFixed(2))} %` : when}` : when,
    byMs === undefined ? undefined : `by ${span(byMs)}`,
    rest && 'then cancels the rest',
  ].filter(Boolean);
  return said.length > 0 ? `${need} (${said.join(', ')})` : need;
}

const kept = ({ produces }: NonNullable<BriefNote['workspace']>): string =>
  produces ? `produces ${produces.join(', ')}` : 'keeps all it changes';

function flow(wave: readonly BriefNote[], width: number): string[] {
  const lines = wrap(wave.map((note) => clean(called(note)).replaceAll(' ', '\u00a0')).join(', '), width).map(
    (line) => line.replaceAll('\u00a0', ' '),
  );
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES - 1), `… of ${count(wave.length, 'brief')}, all with -v`];
}

function worthRows({ worth }: Explanation, row: (head: string, text: string) => string[]): string[] {
  const { answer, because, concurrency, atMost, sequentialMs, parallelMs, overheadMs, deadline } = worth;
  const most = atMost ? 'at most ' : '';
  const times =
    sequentialMs === undefined || parallelMs === undefined
      ? []
      : row(
          'in sequence',
          `${most}${span(sequentialMs)} · in parallel (${concurrency}) ${most}${span(parallelMs)}`,
        );
  return [
    ...times,
    ...row('worth it', `${answer}: ${because} Overhead about ${span(overheadMs)}.`),
    ...(deadline ? row('deadline', `${span(deadline.ms)}, met: ${deadline.met}. ${deadline.because}`) : []),
  ];
}
