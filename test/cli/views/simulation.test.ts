import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../../src/cli/views/columns.js';
import { PLAIN } from '../../../src/cli/views/look.js';
import { simulationView } from '../../../src/cli/views/simulation.js';
import { scheduleSvg } from '../../../src/cli/views/svg/schedule.js';
import { simulated } from '../../../src/core/explain/simulation.js';
import { unitGraph } from '../../../src/core/plan/unitGraph.js';
import { type BriefPart, planOf } from '../../core/explain/support/plans.js';

function simulation(count: number, concurrency: number, resource = 'books') {
  const part = (u: number): BriefPart => ({
    estimateMs: 1_000 * (1 + (u % 7)),
    needs: u < concurrency ? [] : [`b${u - concurrency}`],
    uses: u % 3 === 0 ? { [resource]: 1 } : {},
  });
  const parts = Array.from({ length: count }, (_, u) => [`b${u}`, part(u)] as const);
  const plan = planOf(Object.fromEntries(parts), {
    ...{ limits: { concurrency }, resources: { [resource]: 2 } },
  });
  return simulated(plan, unitGraph(plan));
}

describe('the schedule on a terminal', () => {
  it.each([
    { count: 10, concurrency: 3, begins: ' b0' },
    { count: 200, concurrency: 8, begins: ' slot 1' },
    { count: 1000, concurrency: 100, begins: ' b' },
  ])(
    'of $count briefs on $concurrency slots fits the width and some twenty rows',
    ({ count, concurrency, begins }) => {
      for (const width of [60, 80, 200]) {
        const lines = simulationView('many', simulation(count, concurrency), { ...PLAIN, width });
        for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(width);
        const rows = lines.slice(lines.lastIndexOf('') + 1);
        expect(rows.length).toBeLessThanOrEqual(24);
        expect(rows[0]!.startsWith(begins)).toBe(true);
      }
    },
  );

  it('marks what holds up the end, and not by colour alone', () => {
    const lines = simulationView('few', simulation(10, 3), PLAIN);
    const bars = lines.filter((line) => /^ b\d/.test(line));
    expect(bars.some((line) => line.includes('█'))).toBe(true);
    expect(bars.some((line) => line.includes('▒') && !line.includes('█'))).toBe(true);
  });
});

describe('the schedule as SVG', () => {
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', processEntities: true });
  const titles = (svg: string): string[] =>
    parser.parse(svg).svg.g.flatMap(({ title }: { title?: string }) => title ?? []);

  it.each([10, 1000])('of %i briefs is one sound document with a bar and a title for each', (count) => {
    const svg = scheduleSvg('many', simulation(count, 16));
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(new Set(titles(svg).map((title) => title.split('\n')[0])).size).toBe(count);
    expect(svg).not.toMatch(/href|url\(|@import|<script|<image/);
    expect(svg).toContain('prefers-color-scheme:dark');
    for (const [, x, width] of svg.matchAll(/<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g))
      expect(Number(x) + Number(width)).toBeLessThanOrEqual(1200);
  });

  it('takes names for text, whatever is in them', () => {
    const name = `</text><script>alert('&amp;"x"')</script>\u0000\u202e\ud800`;
    const svg = scheduleSvg(name, simulation(4, 2, name));
    expect(XMLValidator.validate(svg)).toBe(true);
    expect(svg).not.toContain('<script');
    const [text] = parser.parse(svg).svg.text as { '#text': string }[];
    expect(text!['#text']).toBe(`</text><script>alert('&amp;"x"')</script>\ufffd\ufffd\ufffd`);
  });

  it('of a plan that takes no time is a picture all the same', () => {
    const plan = planOf({ only: { estimateMs: 0 } });
    expect(XMLValidator.validate(scheduleSvg('none', simulated(plan, unitGraph(plan))))).toBe(true);
  });
});
