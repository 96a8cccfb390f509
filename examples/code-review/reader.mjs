import { materialIn } from '../research/material.mjs';

/*
 * How the stand-in reads: it looks for a few signs in the file that is in the prompt, the worst first. It reads no code.
 */
const MOST = 10;
const LONG = 100;
const ORDER = ['error', 'warning', 'info'];

const SIGNS = [
  {
    ...{
      rule: 'debugging-output',
      severity: 'warning',
      message: 'Something is printed that nobody may be waiting for.',
    },
    shows: (line) => /^\s*console\.\w+\(/.test(line),
  },
  {
    ...{
      rule: 'loose-null',
      severity: 'info',
      message: 'Whether undefined is meant as well cannot be seen.',
    },
    shows: (line) => /[^=!][=!]= null\b/.test(line),
  },
  {
    ...{ rule: 'left-open', severity: 'info', message: 'Somebody meant to come back to this.' },
    shows: (line) => /\b(TODO|FIXME|XXX|HACK)\b/.test(line),
  },
  {
    ...{ rule: 'long-function', severity: 'warning', message: `It has more than ${LONG} lines.` },
    shows: (line, n, lines) => /\bfunction\b.*\{\s*$/.test(line) && endOf(lines, n) - n > LONG,
  },
];

export function read({ prompt, properties }) {
  const { name: path, text } = materialIn(prompt).find(({ kind }) => kind === 'file') ?? {};
  if (!properties.findings || text === undefined) return undefined;
  const lines = text.split('\n');
  const findings = SIGNS.flatMap(({ shows, ...sign }) =>
    lines.filter(shows).map((line) => ({ quote: line.trim(), ...sign })),
  );
  findings.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return { path, findings: findings.slice(0, MOST) };
}

/** Where what begins on a line ends: at the next line as far to the left. */
function endOf(lines, begin) {
  const left = lines[begin].search(/\S/);
  const end = lines.findIndex((line, n) => n > begin && line.trim() !== '' && line.search(/\S/) <= left);
  return end < 0 ? lines.length : end;
}
