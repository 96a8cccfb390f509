import type { JsonObject } from '../outcome/canonical.js';
import { Failure } from '../outcome/failure.js';
import type { Path, Problems } from './problems.js';
import type { ReadableDocument } from './shape.js';
import { renderText } from './template.js';

/** The parts of a document whose texts speak of the run as a whole: their templates see its params. */
export type Spoken = Pick<ReadableDocument, 'brief' | 'requirements' | 'integrate'>;

type Change = (text: string, path: Path) => string;
type Sections = NonNullable<NonNullable<NonNullable<Spoken['integrate']>['synthesize']>['sections']>;
type Merges = NonNullable<NonNullable<Spoken['integrate']>['merge']>;

/** The same with what `change` makes of each such text. */
export function mapTexts({ brief, requirements, integrate }: Spoken, change: Change): Spoken {
  const sections = integrate?.synthesize?.sections;
  return {
    ...(brief !== undefined && { brief: change(brief, ['brief']) }),
    ...(requirements && {
      requirements: requirements.map((one, i) => ({
        ...one,
        says: change(one.says, ['requirements', i, 'says']),
        ...(one.check?.rubric !== undefined && {
          check: { ...one.check, rubric: change(one.check.rubric, ['requirements', i, 'check', 'rubric']) },
        }),
      })),
    }),
    ...(integrate && {
      integrate: {
        ...integrate,
        ...(sections && {
          synthesize: { ...integrate.synthesize, sections: mapSections(sections, change) },
        }),
        ...(integrate.merge && { merge: mapMerges(integrate.merge, change) }),
      },
    }),
  };
}

const mapSections = (sections: Sections, change: Change): Sections =>
  sections.map((one, i) => {
    const at: Path = ['integrate', 'synthesize', 'sections', i];
    return {
      ...one,
      title: change(one.title, [...at, 'title']),
      ...(one.ask !== undefined && { ask: change(one.ask, [...at, 'ask']) }),
    };
  });

const mapMerges = (merges: Merges, change: Change): Merges =>
  Object.fromEntries(
    Object.entries(merges).map(([name, entry]) => {
      const conflicts = entry.conflicts?.map((rule, i) =>
        typeof rule === 'string' || rule.by === undefined
          ? rule
          : { ...rule, by: change(rule.by, ['integrate', 'merge', name, 'conflicts', i, 'by']) },
      );
      return [name, { ...entry, ...(conflicts && { conflicts }) }];
    }),
  );

/** Their templates worked out; what fails, or says nothing then, is reported. */
export const renderTexts = (spoken: Spoken, params: JsonObject, problems: Problems): Spoken =>
  mapTexts(spoken, (text, path) => {
    try {
      const rendered = renderText(text, { params });
      if (rendered.trim() === '') problems.error(path, 'says nothing, once its templates are worked out.');
      return rendered;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.error(path, `${error.message}.`);
      return text;
    }
  });
