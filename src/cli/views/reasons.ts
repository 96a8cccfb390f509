import { clean } from './columns.js';

/** A reason beside the label of its brief: that, and the command it stands for, need not be said again. */
export function reasonOf(message: string, label: string): string {
  const said = [`${label}: `, `${label} `].find((prefix) => message.startsWith(prefix));
  const rest = said === undefined ? message.replace(` of ${label} `, ' ') : message.slice(said.length);
  return clean(rest.replace(/^`[^`]*` /, ''));
}

/** The same where there is a line at most: up to what to do next. */
export function inShort(message: string, label: string): string {
  const [first = ''] = reasonOf(message, label).split(/(?<=\.) (?=[A-Z])/);
  return first.replace(/\.$/, '');
}
