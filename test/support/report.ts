import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Report } from '../../src/core/integrate/report.js';
import { reportJsonSchema } from '../../src/core/integrate/reportSchema.js';

const validate = new Ajv2020({ allErrors: true, validateFormats: false }).compile(reportJsonSchema());

/** What is wrong with a report by its published schema, each with its place. */
export const wrongWith = (report: unknown): readonly string[] =>
  validate(report)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

/** Text of a `report.json`, read. @throws Error where it is not as the published schema says */
export function readReport(text: string): Report {
  const report: unknown = JSON.parse(text);
  const wrong = wrongWith(report);
  if (wrong.length > 0) throw new Error(`report.json is not as its schema says: ${wrong.join('; ')}`);
  return report as Report;
}
