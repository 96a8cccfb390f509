/** Ids, keys and names come from plans: in the document they are text, whatever is in them. */
export const xml = (text: string): string =>
  text
    .replace(/[^\P{C}\n]|[\ufffe\uffff]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
