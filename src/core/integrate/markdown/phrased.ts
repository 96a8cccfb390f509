import type { Paragraph, Prose, Section } from '../synthesis/prose.js';
import { LEFT_OUT, lacksOf, notBorneOut } from '../wording/phrased.js';
import { code, prose } from './escape.js';
import { INK } from './ink.js';
import { capped } from './tables.js';

const REJECTED = 20;

/** The answer in words, each sentence with the briefs that it rests on; below each section what was left out of it. */
export const phrased = ({ sections }: Prose): string[] =>
  sections.flatMap((section) => ['', `### ${prose(section.title)}`, ...body(section)]);

const body = (section: Section): string[] => [
  ...[...section.paragraphs.map(inLine), ...lacksOf(section, INK)].flatMap((one) => ['', one]),
  ...leftOut(section),
];

const inLine = (paragraph: Paragraph): string =>
  paragraph.map(({ text, cites }) => [prose(text), ...cites.map(code)].join(' ')).join(' ');

function leftOut({ rejected = [] }: Section): string[] {
  if (rejected.length === 0) return [];
  const { shown, rest } = capped(rejected, REJECTED, 'answer.prose');
  return ['', LEFT_OUT, '', ...shown.map((one) => `- ${notBorneOut(one, INK)}`), ...rest];
}
