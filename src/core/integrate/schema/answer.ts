import { z } from 'zod';
import { count, digest, json, labels, map, optional, reason, status, text } from './parts.js';

const finding = z.object({
  token: text.describe('As it is written in the statement; of a citation the label.'),
  kind: z.enum(['figure', 'date', 'quotation', 'name', 'link', 'citation']),
  why: z.enum([
    'no brief cited',
    'unknown id',
    'not in the cited result',
    "in another brief's result",
    'about another subject',
  ]),
});

const requirement = z.object({
  id: text,
  says: text,
  status: z.enum(['covered', 'missing', 'contradicted', 'unchecked']),
  evidence: text.describe('One sentence: what was looked at, and what was found.'),
  lacking: optional(z.array(json)).describe('Of `covers`: the members nothing was found for.'),
  wouldHaveComeFrom: optional(labels),
  at: optional(z.array(text)).describe('Where what does not satisfy it stands in the data, as JSONPaths.'),
  unsupported: optional(
    z.array(
      z.object({
        at: text.describe('Where it stands in the data.'),
        cites: labels,
        findings: z.array(finding),
      }),
    ),
  ).describe('Of `provenance`: what is not found in what it rests on.'),
});

const hole = z.object({
  brief: text,
  key: optional(text),
  status,
  why: text,
  wouldHaveGiven: text,
});

const said = z.object({ value: json, by: labels });
const conflict = z.object({
  in: text.describe('The collection.'),
  item: map.describe('The key fields of the item.'),
  field: text,
  values: z.array(said),
  rule: optional(text).describe('That decided, as the plan writes it.'),
  quorum: optional(z.object({ asked: count, most: count })),
  judge: optional(text).describe('What a judge said.'),
  kept: optional(json).describe('Absent where every value is kept.'),
  lost: z.array(said),
});

const sentence = { text, cites: labels };
const section = z.object({
  title: text,
  paragraphs: z.array(z.array(z.object(sentence))),
  rejected: optional(z.array(z.object({ ...sentence, findings: z.array(finding) }))).describe(
    'What the writer said and its sources do not bear out; it is not in the text.',
  ),
  lacking: optional(z.array(text)).describe('What the text was to speak of and does not.'),
  failed: optional(text).describe('Why there is no text.'),
});

const duplicate = z.object({
  in: text,
  item: json,
  by: labels.describe('Everyone who said it, the one that was kept first.'),
  near: optional(z.array(z.object({ value: json, by: text, alike: z.number().min(0).max(1) }))),
});

const fileValue = z.union([
  z.enum(['deleted', 'folder']),
  z.object({ id: text, size: count, mode: optional(z.enum(['executable', 'link'])) }),
]);
const fileSaid = z.object({
  value: fileValue,
  by: labels,
  beside: optional(text),
  files: optional(z.array(z.object({ path: text, id: text }))),
});
const changeKind = z.enum(['added', 'modified', 'deleted']);
const files = z.object({
  tree: text.describe("Git's id of the merged tree."),
  changes: z.array(z.object({ path: text, change: changeKind, by: labels })),
  collisions: z.array(
    z.object({
      path: text,
      values: z.array(fileSaid),
      rule: optional(text),
      kept: optional(fileValue),
      lost: z.array(fileSaid),
    }),
  ),
  strays: z.array(
    z.object({
      by: text,
      paths: z.array(
        z.object({ path: text, change: changeKind, because: optional(z.enum(['repository', 'name'])) }),
      ),
    }),
  ),
});

const provenance = z.object({
  items: z
    .record(z.string(), z.array(labels))
    .describe('Per collection and in the order of its items: who said the item.'),
  files: z.record(z.string(), z.array(text)).describe('Per brief or instance: the input files it was given.'),
  inputs: z.record(z.string(), z.array(z.object({ path: text, digest, size: count }))),
});

const apart = z.object({
  at: text.describe('The list, as a JSONPath within the answer.'),
  from: optional(count).describe(
    'How many of its items are in the report; absent of a value that is no list: `null` stands in its place.',
  ),
  count: count.describe('How many items lie apart.'),
  undecided: optional(count).describe('Of conflicts: how many of those that lie apart nobody may decide.'),
  parts: z
    .array(z.object({ digest, size: count.describe('Bytes.'), count: count.describe('Items.') }))
    .describe('Artifacts with an item a line as JSON, in order.'),
});

const ended = z.object({
  brief: text,
  key: optional(text).describe('Of an instance.'),
  title: optional(text),
  status,
  reason: optional(reason),
  because: optional(text).describe('Label of the brief that made it `skipped` or `not-needed`.'),
  fallback: optional(z.enum(['constant', 'run', 'ask', 'http', 'call'])).describe(
    'What delivered in its place.',
  ),
  redacted: optional(labels).describe(
    'Names of the secrets of the worker that were taken out of the output.',
  ),
  voted: optional(
    z.object({
      samples: count,
      models: optional(labels),
      candidates: z.array(z.object({ value: json, by: z.array(count) })),
      abstained: z.array(count),
      because: text,
      decided: z.boolean(),
    }),
  ).describe(
    'How it was voted on: every answer with the numbers of the samples that gave it, most votes first.',
  ),
  several: optional(
    z.union([
      z.object({
        kind: z.literal('variants'),
        samples: count,
        order: z.array(count),
        near: z.array(z.object({ n: count, as: count })),
        rankedBy: optional(text),
        models: optional(labels),
      }),
      z.object({
        kind: z.literal('views'),
        views: z.array(z.object({ name: text, value: optional(json), reason: optional(text) })),
        models: optional(labels),
      }),
    ]),
  ).describe('How several samples became its output otherwise: all of them, or views brought together.'),
  digest: optional(digest).describe('Of the output.'),
});

/** What was found: the same for the same outcomes. */
export const answer = z
  .object({
    name: text.describe('Of the plan.'),
    brief: text.describe("The original brief, in the asker's words."),
    data: map.describe('Per collection its items; nothing merged: the output of each brief.'),
    requirements: z.array(requirement),
    missing: z.array(hole).describe('What the answer should hold and does not.'),
    conflicts: z.array(conflict).describe('Fields on which sources differ.'),
    duplicates: z.array(duplicate).describe('What was said more than once, and kept once.'),
    dropped: optional(z.array(z.object({ in: text, item: json, by: labels }))).describe(
      "What the plan's `top` leaves out.",
    ),
    prose: optional(z.object({ sections: z.array(section) })).describe(
      'The answer in words, where the plan asks for it.',
    ),
    unreduced: optional(z.array(z.object({ in: text, why: text }))).describe(
      'Collections that their function did not bring together.',
    ),
    agreement: optional(z.record(z.string(), z.object({ compared: count, agreed: count }))).describe(
      'Per collection: fields that several spoke of, and of those the ones of which all said the same.',
    ),
    provenance,
    ledger: z.array(ended).min(1).describe('One row for every expected brief or instance, in plan order.'),
    files: optional(files).describe('What became of the trees of workspaces.'),
    apart: optional(z.array(apart)).describe(
      'What is too long for the report and lies in artifacts of its own.',
    ),
    verified: optional(z.object({ holds: z.boolean(), finding: optional(text) })).describe(
      'What `integrate.verify` said.',
    ),
  })
  .describe('What was found: the same to the byte for the same outcomes.');
