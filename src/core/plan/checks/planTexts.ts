import type { Draft } from '../draft.js';
import { mapTexts } from '../planTexts.js';
import type { Problems } from '../problems.js';
import { templateReferences } from '../template.js';
import { checkPlanName, readReferences } from './names.js';

/** Templates in texts that speak of the run as a whole can be read, and use only its params. */
export function checkPlanTexts(draft: Draft, problems: Problems): void {
  mapTexts(draft.document, (text, path) => {
    for (const reference of readReferences(templateReferences, { path, text }, problems)) {
      const { root } = reference;
      if (root === 'params') checkPlanName(draft, reference, path, problems);
      else problems.error(path, `\`${root}\` is not known here: this text sees \`params\` only.`);
    }
    return text;
  });
}
