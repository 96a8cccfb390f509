import type { JsonObject } from '../../outcome/canonical.js';
import type { Draft, WrittenBrief } from '../draft.js';
import { promisedBy } from '../handOffs/handOff.js';
import { type Impossible, impossible } from '../handOffs/members.js';
import { KINDS, type Kind } from '../handOffs/views.js';
import { didYouMean } from '../nearest.js';
import type { Path, Problems } from '../problems.js';
import type { Reference } from '../references.js';
import type { Schemas } from '../schemas.js';
import { producerOf } from './handOffs.js';

/** What is taken of a need's output can be there: what its schema rules out is an error before anything starts. */
export function checkMembers(
  { byId }: Draft,
  { outputs }: Schemas,
  { forEach }: WrittenBrief,
  { root, beyond = [] }: Reference,
  path: Path,
  problems: Problems,
): void {
  const producer = byId.get(root);
  if (!producer || beyond.length === 0 || problems.doubtsWithin('briefs', producer.at)) return;
  const output = outputs.get(root);
  const isList = producer.forEach !== undefined && forEach?.each !== root;
  const promised = isList ? INSTANCES : promisedBy(producerOf(producer, output));
  const found = promised && impossible(promised, beyond);
  if (found)
    problems.error(
      path,
      `\`${root}.output.${beyond.join('.')}\` is never there: ${why(found, `${root}.output`, beyond)}${next(producer, isList, beyond)}`,
    );
}

/** What stands for a fan-out as a whole. */
const INSTANCES: JsonObject = { type: 'array' };

function why({ depth, kinds, known }: Impossible, root: string, path: readonly string[]): string {
  const holder = [root, ...path.slice(0, depth)].join('.');
  const name = path[depth]!;
  return known
    ? `\`${holder}\` has no \`${name}\`.${didYouMean(name, known)}`
    : `\`${holder}\` is ${wordsFor(kinds)}.`;
}

function next({ id, output, samples }: WrittenBrief, isList: boolean, [first]: readonly string[]): string {
  if (isList)
    return ` It has \`{key, status, output}\` of each instance: \`${id}.output.map(one, one.output.${first})\` in an expression.`;
  if (samples !== undefined) return ` All samples are kept: take one, such as \`${id}.output[0]\`.`;
  return output ? '' : ` Give \`${id}\` an \`output\`.`;
}

const WORDS: { readonly [kind in Kind]: string } = {
  null: 'null',
  boolean: 'true or false',
  whole: 'a number',
  fraction: 'a number',
  string: 'text',
  array: 'a list',
  object: 'a map',
};
const wordsFor = (kinds: ReadonlySet<Kind>): string =>
  [...new Set(KINDS.filter((kind) => kinds.has(kind)).map((kind) => WORDS[kind]))].join(', or ');
