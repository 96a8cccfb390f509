import { clean } from './columns.js';

/** A reason beside the label of its brief, which need not be said twice. */
export function reasonOf(message: string, label: string): string {
  const prefix = `${label}: `;
  return clean(message.startsWith(prefix) ? message.slice(prefix.length) : message);
}

/** The same where there is a line at most: without the command that the label stands for, up to what to do next. */
export function inShort(message: string, label: string): string {
  const [first = ''] = reasonOf(message, label)
    .replace(/^`[^`]*` /, '')
    .split(/(?<=\.) (?=[A-Z])/);
  return first.replace(/\.$/, '');
}
