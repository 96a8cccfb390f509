import type { Independence } from '../../core/explain/independence.js';
import { clean, hang, widest } from './columns.js';
import type { Look, Paint } from './look.js';

/** Of each pair: may the two run side by side, and why not. */
export function pairsView(pairs: readonly Independence[], leftOut: boolean, look: Look): string[] {
  if (pairs.length === 0)
    return [' No two briefs share anything: whatever is not ordered may run side by side.'];
  const names = widest(
    pairs.map(({ briefs }) => briefs.join(' · ')),
    32,
  );
  return [
    ...pairs.flatMap(({ briefs, verdict, because, usesNotYetMade }) => {
      const head = ` ${briefs.join(' · ').padEnd(names)}   ${verdictIn(verdict, look.paint)}`;
      // That nothing stands in the way needs no sentence, unless a mirrored path looks as if it did.
      if (verdict === 'parallel' && usesNotYetMade.evidence.length === 0) return [head];
      return hang(`${head}${' '.repeat(18 - verdict.length)}   `, clean(because), look.width);
    }),
    ...(leftOut ? [' … and more. Ask about one pair: --pair a b'] : []),
  ];
}

/** The three questions about one pair, each with its evidence, and the verdict. */
export function pairView(
  { briefs, writeTheSame, needsOutput, usesNotYetMade, verdict, because }: Independence,
  look: Look,
): string[] {
  const [a, b] = briefs;
  const question = (asked: string, { yes, evidence }: Independence['needsOutput']): string[] => [
    ` ${yes ? look.paint.yellow('yes') : 'no '}   ${asked}`,
    ...evidence.flatMap((one) => hang('       ', clean(evidenceText(one)), look.width)),
  ];
  return [
    `${look.paint.bold(`${a} and ${b}`)}: ${verdictIn(verdict, look.paint)}`,
    '',
    ...question('Do both write the same, or hold the same?', writeTheSame),
    ...question("Does one need the other's output?", needsOutput),
    ...question('Does one use what the other has yet to make?', usesNotYetMade),
    '',
    ...hang(' ', clean(because), look.width),
  ];
}

const verdictIn = (verdict: Independence['verdict'], paint: Paint): string =>
  verdict === 'parallel'
    ? paint.green(verdict)
    : verdict === 'sequence'
      ? paint.cyan(verdict)
      : paint.yellow(verdict);

function evidenceText(evidence: Independence['needsOutput']['evidence'][number]): string {
  switch (evidence.kind) {
    case 'path': {
      const [one, other] = evidence.by.map(({ brief, does, glob }) => `${brief} ${does} ${glob}`);
      return `${evidence.path}: ${one}, ${other}`;
    }
    case 'resource':
      return `both hold ${evidence.resource}, of which there ${evidence.capacity === 1 ? 'is 1' : `are ${evidence.capacity}`}: ${evidence.together ? 'they fit together' : 'one at a time'}`;
    case 'needs':
      return evidence.path.join(' needs ');
    case 'mirrors':
      return `${evidence.brief} mirrors ${evidence.path}, and reads nothing of it`;
  }
}
