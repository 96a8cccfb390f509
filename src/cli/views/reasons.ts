import { clean } from './columns.js';

/** A reason beside the label of its brief: that, and the command it stands for, need not be said again. */
export function reasonOf(message: string, label: string): string {
  const prefix = `${label}: `;
  const rest = message.startsWith(prefix)
    ? message.slice(prefix.length)
    : message.replace(` of ${label} `, ' ');
  return clean(rest.replace(/^`[^`]*` /, ''));
}

/** The same where there is a line at most: up to what to do next. */
export function inShort(message: string, label: string): string {
  const [first = ''] = reasonOf(message, label).split(/(?<=\.) (?=[A-Z])/);
  return first.replace(/\.$/, '');
}
