/*
 * 1. A secret is sought sign by sign, each as any of the ways in which programs write it: so whoever writes some signs
 *    otherwise and some as they are, as addresses, PHP, Go, .NET and shells each do in their own way, is found too.
 * 2. Letters and digits are only ever written as they are.
 */

/** How a secret may stand in a text: what follows each other. */
export type Writing = readonly Piece[];
export interface Piece {
  /** Of a regular expression. */
  readonly pattern: string;
  /** Every character that it can begin with. */
  readonly first: string;
}

/** A line of a secret of several, such as a key in PEM. */
const LEAST_LINE = 20;

/** As it is, in hexadecimal, as numbers of bytes, and in base64 in all alignments; of one with several lines each long line too. */
export function writingsOf(secret: string): readonly Writing[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  const inLines =
    lines.length > 1 ? lines.filter((line) => line.length >= LEAST_LINE && !/\s/.test(line)) : [];
  return [secret, ...inLines].flatMap((text) => {
    const bytes = [...Buffer.from(text)];
    return [
      [...text].map(signed),
      between(bytes.map(inHex), BETWEEN_HEX),
      between(bytes.map(inDecimal), { pattern: ',\\s{0,64}', first: ',' }),
      ...[0, 1, 2].map((before) => between([...base64Of(bytes, before)].map(in64), LINE)),
    ];
  });
}

/** Programs wrap what is long, and what they wrote may be within JSON. */
const WRAPPED = '(?:\\r|\\\\{1,7}r)?(?:\\n|\\\\{1,7}n)[ \\t]{0,64}';
const LINE: Piece = { pattern: `(?:${WRAPPED})?`, first: '\r\n\\' };
const BETWEEN_HEX: Piece = { pattern: `(?:[ :]{1,2}|,? ?0x|\\\\{1,7}x|${WRAPPED})?`, first: ' :,0\\\r\n' };

/** With what may stand between two of them. */
const between = (pieces: readonly Piece[], gap: Piece): Writing =>
  pieces.map((piece, i) =>
    i === 0 ? piece : { pattern: gap.pattern + piece.pattern, first: gap.first + piece.first },
  );

const IN_HTML: { readonly [sign: string]: string } = {
  '&': 'amp',
  '<': 'lt',
  '>': 'gt',
  '"': 'quot',
  "'": 'apos',
};
const SHORT: { readonly [sign: string]: string } = { '\n': 'n', '\r': 'r', '\t': 't' };

/** A sign as any program may write it. */
function signed(sign: string): Piece {
  if (/[A-Za-z0-9]/.test(sign)) return { pattern: sign, first: sign };
  const bytes = [...Buffer.from(sign)];
  const units = sign.split('').map((unit) => unit.charCodeAt(0));
  const point = sign.codePointAt(0)!;
  const html = [IN_HTML[sign], `#0*${point}`, `#[xX]0*${anyCase(point.toString(16))}`].filter(Boolean);
  const short = SHORT[sign];
  const ways = [
    ...(/["']/.test(sign) ? [sign + sign] : []),
    sign === '\\' ? '\\\\{1,8}' : `\\\\{0,7}${literally(sign)}`,
    ...(short ? [`\\\\{1,7}${short}`] : []),
    ...(sign === '\n' ? ['(?:\\r|\\\\{1,7}r)(?:\\n|\\\\{1,7}n)'] : []),
    ...(sign === ' ' ? ['\\+'] : []),
    bytes.map((byte) => `%(?:25){0,3}${hexOf(byte)}`).join(''),
    units.map((unit) => `\\\\{1,7}u${anyCase(unit.toString(16).padStart(4, '0'))}`).join(''),
    bytes.map((byte) => `\\\\{1,7}x${hexOf(byte)}`).join(''),
    `&(?:amp;){0,3}(?:${html.join('|')});`,
  ];
  return { pattern: `(?:${ways.join('|')})`, first: `${sign[0]}\\%&+\r` };
}

function in64(sign: string): Piece {
  const piece = signed(sign);
  if (sign === '+') return { pattern: `(?:-|${piece.pattern})`, first: `-${piece.first}` };
  return sign === '/' ? { pattern: `(?:_|${piece.pattern})`, first: `_${piece.first}` } : piece;
}

function inHex(byte: number): Piece {
  const [digit = ''] = byte.toString(16).padStart(2, '0');
  return { pattern: hexOf(byte), first: digit + digit.toUpperCase() };
}
const inDecimal = (byte: number): Piece => ({
  pattern: `(?<!\\d)${byte}(?!\\d)`,
  first: String(byte)[0]!,
});

const hexOf = (byte: number): string => anyCase(byte.toString(16).padStart(2, '0'));
const anyCase = (hex: string): string => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

/** What of base64 depends on these bytes alone, where so many others stand before them, modulo 3. */
function base64Of(bytes: readonly number[], before: number): string {
  const text = Buffer.from([...Array<number>(before).fill(0), ...bytes]).toString('base64');
  return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
}

const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
