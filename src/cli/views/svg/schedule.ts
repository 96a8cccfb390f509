import { profileOf } from '../../../core/explain/gantt.js';
import type { SimulatedSpan } from '../../../core/explain/simulatedSpans.js';
import type { Simulated } from '../../../core/explain/simulation.js';
import { count, span } from '../quantities.js';
import { STYLE, TINTS } from './style.js';
import { ticksOf } from './ticks.js';
import { xml } from './xml.js';

/*
 * The simulated schedule as one SVG document that needs nothing else: a lane for each slot, below it how much of the slots
 * and of each resource is in use. px throughout.
 */

const WIDTH = 1200;
const LEFT = 92;
const RIGHT = 36;
const HEAD = 104;
const AXIS = 24;
/** Of one strip of use, with the words above it. */
const STRIP = 38;
const STRIP_HEAD = 22;
/** Strips beside that of the slots: those in use most. */
const MOST_STRIPS = 8;
/** All lanes together are about so high. */
const LANES = 560;
/** On average, of the letters in a bar. */
const LETTER = 6.4;

/** @param name of the plan */
export function scheduleSvg(name: string, simulated: Simulated): string {
  const { makespanMs, bounds, spans } = simulated;
  const lanes = spans.reduce((most, { slot }) => Math.max(most, slot + 1), 1);
  const laneHeight = Math.min(30, Math.max(4, Math.floor(LANES / lanes)));
  const x = (ms: number): number => LEFT + (makespanMs === 0 ? 0 : ms / makespanMs) * (WIDTH - LEFT - RIGHT);
  const bottom = HEAD + lanes * laneHeight;
  const strips = stripsOf(simulated);
  const height = bottom + AXIS + strips.length * (STRIP + STRIP_HEAD) + 20;
  const plotted = (at: number) => Math.round(at * 100) / 100;

  const ticks = ticksOf(makespanMs).flatMap(({ at, label }) => [
    `<path class="grid" d="M${plotted(x(at))} ${HEAD}V${height - 20}"/>`,
    `<text class="tick" x="${plotted(x(at))}" y="${bottom + 16}">${label}</text>`,
  ]);
  const names = Array.from({ length: lanes }, (_, lane) => lane)
    .filter((lane) => laneHeight >= 12 || lane % Math.ceil(24 / laneHeight) === 0)
    .map(
      (lane) =>
        `<text class="name" x="${LEFT - 8}" y="${HEAD + (lane + 0.5) * laneHeight + 4}">slot ${lane + 1}</text>`,
    );
  const bars = spans.map((one) => {
    const inset = one.critical ? 0.5 : Math.min(3, laneHeight / 8);
    const box = {
      x: plotted(x(one.startMs)),
      y: HEAD + one.slot * laneHeight + inset,
      width: Math.max(1, plotted(x(one.endMs) - x(one.startMs))),
      height: laneHeight - 2 * inset,
    };
    const shown = laneHeight >= 13 ? fitted(one.label, box.width) : '';
    const kind = one.critical ? 'critical' : `w${one.wave % TINTS}`;
    const text =
      shown && `<text class="label" x="${box.x + 4}" y="${box.y + box.height / 2 + 4}">${xml(shown)}</text>`;
    return `<g class="${kind}"><title>${xml(tooltip(one))}</title><rect x="${box.x}" y="${plotted(box.y)}" width="${box.width}" height="${plotted(box.height)}"/>${text}</g>`;
  });
  const line = x(bounds.leastMs);
  const early = line > WIDTH / 2;
  const bound = [
    `<path class="bound" d="M${plotted(line)} ${HEAD - 14}V${height - 20}"><title>No schedule can be shorter than ${span(bounds.leastMs)}.</title></path>`,
    `<text class="bound-name" text-anchor="${early ? 'end' : 'start'}" x="${plotted(line + (early ? -6 : 6))}" y="${HEAD - 8}">lower bound ${span(bounds.leastMs)}</text>`,
  ];
  const used = strips.flatMap((strip, n) => {
    const top = bottom + AXIS + n * (STRIP + STRIP_HEAD) + STRIP_HEAD;
    return [
      `<text class="strip-name" x="${LEFT}" y="${top - 6}">${xml(strip.says)}</text>`,
      `<path class="strip" d="M${LEFT} ${top}H${WIDTH - RIGHT}V${top + STRIP}H${LEFT}Z"/>`,
      `<path class="use" d="${areaOf(strip, x, top)}"><title>${xml(strip.says)}</title></path>`,
    ];
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${xml(`Simulated schedule of ${name}`)}">`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${height}"/>`,
    `<text class="title" x="24" y="34">${xml(name)}</text>`,
    `<text class="sub" x="24" y="56">${xml(summaryOf(simulated))}</text>`,
    ...legend(),
    ...ticks,
    ...names,
    ...bars,
    ...used,
    ...bound,
    '</svg>',
  ].join('\n')}\n`;
}

function summaryOf({ makespanMs, concurrency, bounds, boundBy, spans, atMost }: Simulated): string {
  const over = bounds.leastMs === 0 ? 1 : makespanMs / bounds.leastMs;
  return [
    `${atMost ? 'at most ' : ''}${count(spans.length, 'brief')} in ${span(makespanMs)} with ${count(concurrency, 'slot')}`,
    `lower bound ${span(bounds.leastMs)}, ${over < 1.0005 ? 'reached' : `${((over - 1) * 100).toFixed(1)} % below`}`,
    `bound by ${boundBy}`,
    'simulated, nothing was started',
  ].join(' · ');
}

function legend(): string[] {
  const tints = Array.from(
    { length: TINTS },
    (_, n) => `<g class="w${n}"><rect x="${24 + n * 14}" y="70" width="14" height="12"/></g>`,
  );
  const right = 24 + TINTS * 14;
  return [
    ...tints,
    `<text class="sub" x="${right + 8}" y="80">by wave</text>`,
    `<g class="critical"><rect x="${right + 76}" y="70" width="28" height="12"/></g>`,
    `<text class="sub" x="${right + 112}" y="80">holds up the end</text>`,
  ];
}

const tooltip = ({ label, startMs, endMs, wave, slot, critical, holds }: SimulatedSpan): string =>
  [
    label,
    `${span(startMs)} to ${span(endMs)}, takes ${span(endMs - startMs)}`,
    `wave ${wave + 1}, slot ${slot + 1}${critical ? ', holds up the end' : ''}`,
    ...Object.entries(holds).map(([resource, amount]) => `holds ${amount} of ${resource}`),
  ].join('\n');

interface Strip {
  readonly says: string;
  readonly capacity: number;
  readonly steps: ReturnType<typeof profileOf>;
}

/** The slots first, then the resources that are in use most. */
function stripsOf({ use, spans }: Simulated): readonly Strip[] {
  const intervals = spans.map(({ startMs, endMs }) => ({ start: startMs, end: endMs }));
  const [slots, ...resources] = use;
  const shown = resources.toSorted((a, b) => b.share - a.share).slice(0, MOST_STRIPS);
  const left = resources.length - shown.length;
  return [slots!, ...shown].map(({ of, capacity, share, peak }, n) => ({
    says: `${of}  ${Math.round(share * 100)} % of ${capacity} in use, at most ${peak} at once${left > 0 && n === shown.length ? ` · ${count(left, 'resource')} in less use not shown` : ''}`,
    capacity,
    steps: profileOf(
      intervals,
      spans.map(({ holds }) => (n === 0 ? 1 : (holds[of] ?? 0))),
    ),
  }));
}

function areaOf({ capacity, steps }: Strip, x: (ms: number) => number, top: number): string {
  const base = top + STRIP;
  const y = (inUse: number) =>
    Math.round((base - (Math.min(inUse, capacity) / capacity) * STRIP) * 100) / 100;
  return `M${LEFT} ${base}${steps.map(({ at, inUse }) => `H${Math.round(x(at) * 100) / 100}V${y(inUse)}`).join('')}V${base}Z`;
}

/** As much of it as there is room for; nothing where that would say nothing. */
function fitted(label: string, width: number): string {
  const room = Math.floor((width - 8) / LETTER);
  const letters = [...label];
  if (letters.length <= room) return label;
  return room < 4 ? '' : `${letters.slice(0, room - 1).join('')}…`;
}
