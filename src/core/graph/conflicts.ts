/**
 * Can two path globs name the same file? Globs as picomatch reads them, dot files included: `*`, `?`, `**`,
 * `[a-z]`, `[^a]`, `{a,b}`, `\` to quote; a folder written with a slash at its end is all that lies in it.
 * A Liquid part (`{{ … }}`) counts as `*`, and so does what is not understood (extglobs, `{1..9}`, `[!a]`): rather a
 * question too many than a file written twice. Case counts; an absolute glob and a relative one never meet.
 */

/** A path both match, as a witness; `undefined` where there is none. */
export function globsOverlap(a: string, b: string): string | undefined {
  const root = a.startsWith('/') ? '/' : '';
  if (b.startsWith('/') !== (root === '/')) return undefined;
  const others = alternatives(b).map(segments);
  for (const one of alternatives(a).map(segments)) {
    for (const other of others) {
      const path = meet(one, other, meetSegments);
      // Only `**` on both sides: any path will do.
      if (path !== undefined) return root + (path.join('/') || 'a');
    }
  }
  return undefined;
}

/** One that matches any number of items, among items that match one each. */
const MANY = 'many';
type Sequence<T extends object> = readonly (T | typeof MANY)[];
/** A character of a path segment. */
interface CharSet {
  readonly has: (char: string) => boolean;
  /** Some that it has: enough to find a common one with any other set. */
  readonly some: readonly string[];
}
type Segment = Sequence<CharSet>;

const ANY: CharSet = {
  has: () => true,
  some: [...'abcdefghijklmnopqrstuvwxyz0123456789_-.ABCXYZ', '\u{e000}'],
};

/**
 * What two sequences have in common, as one example, by walking both at once. `both` gives an example of two items.
 * Each pair of places is tried once, so the work is the product of the lengths.
 */
function meet<T extends object>(
  a: Sequence<T>,
  b: Sequence<T>,
  both: (x: T, y: T) => string | undefined,
): string[] | undefined {
  const tried = new Set<number>();
  const from = (i: number, j: number): string[] | undefined => {
    if (i === a.length && j === b.length) return [];
    const at = i * (b.length + 1) + j;
    if (tried.has(at)) return undefined;
    tried.add(at);
    const [x, y] = [a[i], b[j]];
    if (x === MANY || y === MANY) {
      const skipped = (x === MANY && from(i + 1, j)) || (y === MANY && from(i, j + 1));
      if (skipped) return skipped;
    }
    const [one, other] = [x === MANY ? y : x, y === MANY ? x : y];
    if (one === undefined || other === undefined || one === MANY || other === MANY) return undefined;
    const example = both(one, other);
    const rest = example === undefined ? undefined : from(x === MANY ? i : i + 1, y === MANY ? j : j + 1);
    return rest && [example!, ...rest];
  };
  return from(0, 0);
}

function meetSegments(a: Segment, b: Segment): string | undefined {
  const chars = meet(a, b, (x, y) => [...x.some, ...y.some].find((c) => x.has(c) && y.has(c)));
  const name = chars?.join('');
  // Only stars on both sides: any name will do.
  if (name === '') return 'a';
  // Not names of files; where both sides have room for more there is one that begins and ends like them.
  if (name === '.' || name === '..')
    return a.includes(MANY) && b.includes(MANY) ? `${name}a${name}` : undefined;
  return name;
}

/** Brace groups written out; a glob with more of them than this counts as `**`. */
const MAX_ALTERNATIVES = 256;

function alternatives(glob: string): string[] {
  const plain = glob.replace(/\{\{.*?\}\}|\{%.*?%\}/gs, '*').replace(/[@?+*!]\([^()]*\)/g, '*');
  let open = [plain];
  const done: string[] = [];
  while (open.length > 0) {
    if (open.length + done.length > MAX_ALTERNATIVES) return ['**'];
    open = open.flatMap((text) => {
      const group = /\{([^{}]*)\}/.exec(text);
      if (group === null) {
        done.push(text);
        return [];
      }
      const choices = group[1]!.includes(',') ? group[1]!.split(',') : ['*'];
      const [before, after] = [text.slice(0, group.index), text.slice(group.index + group[0].length)];
      return choices.map((choice) => before + choice + after);
    });
  }
  return done;
}

function segments(glob: string): Sequence<Segment> {
  const folder: Sequence<Segment> = glob.endsWith('/') ? [MANY] : [];
  const parts: string[] = [];
  for (const part of glob.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  const named = parts.map((part) => (part === '**' ? MANY : characters(part)));
  return [...named, ...folder];
}

function characters(segment: string): Segment {
  const tokens = segment.match(/\\.|\[\^?\]?[^\]]*\]|./gsu) ?? [];
  return tokens.map((token) => {
    if (token === '*') return MANY;
    if (token === '?' || /^\[!./u.test(token)) return ANY;
    if (token.startsWith('[') && token.length > 2) return charClass(token.slice(1, -1));
    return exactly(token.length > 1 ? token.replace(/^\\/, '') : token);
  });
}

const exactly = (char: string): CharSet => ({ has: (c) => c === char, some: [char] });

function charClass(body: string): CharSet {
  const negated = body.startsWith('^');
  const ranges = [...body.slice(negated ? 1 : 0).matchAll(/(.)-(.)|(.)/gsu)].map(
    ([, from, to, one]) => [from ?? one!, to ?? one!] as const,
  );
  const inside = (c: string) => ranges.some(([from, to]) => from <= c && c <= to);
  if (negated) return { has: (c) => !inside(c), some: ANY.some.filter((c) => !inside(c)) };
  return {
    has: inside,
    some: ranges.flatMap(([from, to]) => [from, to, ...ANY.some.filter((c) => from <= c && c <= to)]),
  };
}
