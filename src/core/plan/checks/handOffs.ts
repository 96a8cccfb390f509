import type { Json, JsonObject } from '../../outcome/canonical.js';
import { Failure } from '../../outcome/failure.js';
import { type Draft, executorOf, needsOf, type WrittenBrief } from '../draft.js';
import { type HandOff, handOff, type Producer, sideOf } from '../handOffs/handOff.js';
import { didYouMean } from '../nearest.js';
import type { Path, Problems } from '../problems.js';
import { parseOf } from '../resolve.js';
import type { Schemas } from '../schemas.js';

/** What is expected is expected of a need, and is what that one promises. */
export function checkHandOffs({ briefs, byId }: Draft, schemas: Schemas, problems: Problems): void {
  for (const brief of briefs) {
    const { id, at, expects, acknowledge } = brief;
    if (acknowledge !== undefined && !expects)
      problems.error(
        ['briefs', at, 'acknowledge'],
        `\`${id}\` expects nothing that it could acknowledge. Say what under \`expects\`, or remove it.`,
      );
    for (const need of Object.keys(expects ?? {})) {
      const path = ['briefs', at, 'expects', need];
      const producer = byId.get(need);
      const expected = schemas.expected.get(id)?.[need];
      if (!needsOf(brief).includes(need)) checkNamed(brief, need, path, problems);
      else if (producer && expected)
        checkOne({ brief, producer, expected, output: schemas.outputs.get(need) }, path, problems);
    }
  }
}

function checkNamed(brief: WrittenBrief, need: string, path: Path, problems: Problems): void {
  if (problems.doubts('briefs', brief.at, 'needs')) return;
  const hint = didYouMean(need, needsOf(brief)) || ' Add it to `needs`.';
  problems.error(path, `\`${need}\` is not among the needs of \`${brief.id}\`.${hint}`);
}

interface Sides {
  readonly brief: WrittenBrief;
  readonly producer: WrittenBrief;
  readonly expected: JsonObject;
  readonly output: JsonObject | undefined;
}

function checkOne(sides: Sides, path: Path, problems: Problems): void {
  const { producer, expected, output } = sides;
  if (problems.doubtsWithin('briefs', producer.at) || (producer.output && !output)) return;
  try {
    const found = handOff(producerOf(producer, output), expected);
    if (found.verdict === 'breaking') problems.error(path, breaking(sides, found));
    else if (found.verdict !== 'compatible') problems.warning(path, open(sides, found));
  } catch (error) {
    // A schema that is none is reported where it stands.
    if (!(error instanceof Failure)) throw error;
  }
}

/** Who delivers, as far as it says what. */
export const producerOf = (written: WrittenBrief, output: JsonObject | undefined): Producer => ({
  kind: executorOf(written),
  parse: parseOf(written),
  ...(output && { output }),
  samples: written.samples,
  fallsBack: written.fallback && (executorOf(written.fallback as WrittenBrief) ?? 'constant'),
});

function breaking(
  { brief, producer, expected, output }: Sides,
  found: HandOff & { verdict: 'breaking' },
): string {
  if ('sameVersion' in found)
    return `\`${producer.id}\` and \`${brief.id}\` both call it version ${found.sameVersion}, and differ in what they mean by that. Raise \`version\` where it was changed.`;
  const [giver, taker] = [sideOf(producer.id, output), sideOf(brief.id, expected)];
  return `${giver} may deliver ${shown(found.value)}, and that is not what ${taker} expects: ${found.findings[0]}. Have \`${producer.id}\` promise it in its \`output\`, or expect less.`;
}

function open(
  { brief, producer, expected, output }: Sides,
  found: HandOff & { verdict: 'undecided' | 'unsaid' },
): string {
  if (found.verdict === 'unsaid')
    return `nothing is said of what \`${producer.id}\` delivers, so what \`${brief.id}\` expects of it is checked only when it is delivered. Give \`${producer.id}\` an \`output\`.`;
  const [giver, taker] = [sideOf(producer.id, output), sideOf(brief.id, expected)];
  return `whether all that ${giver} may deliver is what ${taker} expects cannot be decided: \`${found.keyword}\` at ${found.path} is too much for it. It is checked when it is delivered.`;
}

const MOST_SHOWN = 120;

function shown(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
}
