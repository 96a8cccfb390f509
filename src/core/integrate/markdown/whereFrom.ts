import type { Plan } from '../../plan/plan.js';
import { labelOf } from '../expected.js';
import { isOneThing, itemsOf } from '../merge/items.js';
import type { Report } from '../report.js';
import { givenIn } from '../wording/sources.js';
import { nameIn } from '../wording/values.js';
import { counted } from '../words.js';
import { code } from './escape.js';
import { INK } from './ink.js';
import { capped, table } from './tables.js';

/** A sample, to find one's way in `report.json`. */
const ITEMS = 30;
const { itemName, some } = INK;

/** From each finding to the briefs that said it, and on to the files those were given. */
export function whereFrom({ answer }: Report, plan: Plan): string[] {
  const { provenance, data } = answer;
  const given = givenIn(answer, plan);
  const givenTo = (labels: readonly string[]): string => some(given(labels), code);
  const collections = Object.entries(provenance.items).flatMap(([name, sources]) => {
    if (sources.length === 0) return [];
    const entry = plan.integrate.merge.find((one) => one.name === name)!;
    const items = itemsOf(entry, data[name]!);
    const { shown, rest } = capped(sources, ITEMS, `answer.provenance.items.${name}`);
    const rows = shown.map((by, n) => [
      `${n + 1}`,
      isOneThing(entry) ? 'all of it' : itemName(nameIn(items[n]!, entry.key)),
      some(by, code),
      givenTo(by),
    ]);
    return ['', `**${code(name)}**`, '', ...table(['#', 'Finding', 'Said by', 'From'], rows), ...rest];
  });
  const briefs = answer.ledger.filter(({ digest }) => digest).map(labelOf);
  const plain = capped(briefs, ITEMS, 'answer.ledger');
  return [
    ...(collections.length > 0
      ? ['Numbers are those of the answer above.', ...collections]
      : [
          "Each brief's output stands under its own name.",
          '',
          ...table(
            ['Brief', 'From'],
            plain.shown.map((label) => [code(label), givenTo([label])]),
          ),
          ...plain.rest,
        ]),
    ...inputs(provenance.inputs),
  ];
}

function inputs(all: Plan['inputs']): string[] {
  const entries = Object.entries(all);
  if (entries.length === 0) return [];
  return [
    '',
    'Input files, each with the beginning of its SHA-256:',
    '',
    ...entries.flatMap(([name, files]) => {
      const { shown, rest } = capped(files, 30, `answer.provenance.inputs.${name}`);
      return [
        `- ${code(name)}: ${counted(files.length, 'file')}`,
        ...shown.map(({ path, digest }) => `  - ${code(path)} ${digest.slice(0, 12)}`),
        ...rest.filter(Boolean).map((line) => `  - ${line}`),
      ];
    }),
  ];
}
