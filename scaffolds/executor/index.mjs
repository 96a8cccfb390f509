/*
 * What `call: __NAME__` carries out. It gets what `stdin` of the brief says as `input` (input.schema.json), and returns a value
 * that JSON can carry; what it throws fails the try, and its message stands in the report.
 */
export async function __NAME__({ input, signal, progress }) {
  if (typeof input?.text !== 'string') throw new Error('`text` is missing, or no text: give it by `stdin` of the brief.');
  const words = {};
  for (const [n, word] of (input.text.toLowerCase().match(/\p{L}+/gu) ?? []).entries()) {
    // Whoever cancels the run, or a timeout, wants it to end.
    signal.throwIfAborted();
    words[word] = (words[word] ?? 0) + 1;
    if (n % 10_000 === 0) progress({ note: `${n} words` });
  }
  return { words };
}
