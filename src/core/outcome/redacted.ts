/** What stands where the value of a secret stood. */
export const insteadOf = (name: string): string => `[secret ${name}]`;

const INSTEAD = /\[secret ([A-Za-z_][\w.-]*)\]/g;

/** Names of the secrets in whose place something stands in a text, each once. */
export const redactedIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(INSTEAD)].map(([, name]) => name!)),
];
