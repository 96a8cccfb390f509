import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/core/outcome/canonical.js';
import { Failure } from '../../../src/core/outcome/failure.js';
import type { Bindings } from '../../../src/core/plan/bindings.js';
import { inputDigest } from '../../../src/core/plan/keys.js';
import { type HttpWork, render } from '../../../src/core/plan/render.js';
import type { Source } from '../../../src/core/plan/surroundings.js';
import { renderUrl, urlProblem } from '../../../src/core/plan/url.js';
import { compiled, fakeDigest, plan } from './support.js';

const head =
  "params: { type: object, properties: { q: { default: 'a&b=c/d?e#f' } } }\nbriefs:\n  - { id: n, call: f }\n";

async function rendered(
  brief: string,
  more: Partial<Bindings> = {},
  source: Omit<Source, 'text'> = {},
): Promise<HttpWork> {
  const { plan: whole } = await compiled(plan(`${head}  - ${brief}`), source);
  const bindings: Bindings = {
    params: whole.params,
    inputs: {},
    needs: { n: { status: 'succeeded', output: { rows: [1, 'x'] } } },
    ...more,
  };
  const work = render(whole, whole.briefs[1]!, bindings, { files: new Map(), digest: fakeDigest });
  if (work.kind !== 'http') throw new Error(`this is ${work.kind}`);
  return work;
}

describe('`http` renders to', () => {
  it('a method and an address, from one line of text', async () => {
    expect(await rendered("{ id: a, http: 'GET https://x.test/v1?q={{ params.q }}' }")).toEqual({
      kind: 'http',
      method: 'GET',
      url: 'https://x.test/v1?q=a%26b%3Dc%2Fd%3Fe%23f',
      headers: [],
      byType: true,
    });
  });

  it('headers and a JSON body, typed values in it', async () => {
    const http =
      "{ method: POST, url: 'https://x.test/', headers: { X-N: '{{ n.output.rows | size }}' }, body: { from: n.output } }";
    expect(await rendered(`{ id: a, needs: [n], http: ${http}, okStatus: [201, 409] }`)).toMatchObject({
      method: 'POST',
      headers: [{ name: 'X-N', text: '2' }],
      body: '{"rows":[1,"x"]}',
      okStatus: [201, 409],
    });
  });

  it('the name of a secret, and nothing that depends on its value', async () => {
    const http = "{ url: 'https://x.test/', headers: { Authorization: { env: TOKEN, prefix: 'Bearer ' } } }";
    const work = await rendered(`{ id: a, http: ${http} }`);
    expect(work.headers).toEqual([{ name: 'Authorization', env: 'TOKEN', prefix: 'Bearer ' }]);
    const before = inputDigest(work, fakeDigest);
    process.env.TOKEN = 'another-value';
    expect(inputDigest(await rendered(`{ id: a, http: ${http} }`), fakeDigest)).toBe(before);
    delete process.env.TOKEN;
  });

  it('text where `parse` says how to read it', async () => {
    expect(await rendered("{ id: a, http: 'GET https://x.test/', parse: jsonl }")).not.toHaveProperty(
      'byType',
    );
  });

  it('a request of nobody here, where the plan came without a file', async () => {
    const brief = "{ id: a, http: 'GET https://x.test/' }";
    expect(await rendered(brief)).not.toHaveProperty('inline');
    expect(await rendered(brief, {}, { folder: undefined } as object)).toMatchObject({ inline: true });
  });

  it('no header with a line break that data brought in', async () => {
    const http = "{ url: 'https://x.test/', headers: { X-Q: '{{ params.q }}' } }";
    const params = { q: 'a\r\nX-Evil: 1' };
    await expect(rendered(`{ id: a, http: ${http} }`, { params })).rejects.toThrow(
      'the header `X-Q` would hold a line break',
    );
  });
});

describe('an address', () => {
  const bindings = (x: Json): Bindings => ({
    params: {},
    inputs: {},
    needs: {},
    item: { as: 'x', value: x, key: '' },
  });
  const template = 'https://api.test:8443/v1/{{ x }}/rows/a-{{ x }}?q={{ x }}&p=1';

  it('keeps its structure whatever a value holds', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (value) => {
        fc.pre(!['', '.', '..'].includes(value));
        const url = new URL(renderUrl(template, bindings(value)));
        expect([url.origin, url.hash, url.username]).toEqual(['https://api.test:8443', '', '']);
        const segments = url.pathname.split('/').map(decodeURIComponent);
        expect(segments).toEqual(['', 'v1', value, 'rows', `a-${value}`]);
        expect([...url.searchParams]).toEqual([
          ['q', value],
          ['p', '1'],
        ]);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps it through every filter and tag that it may use', () => {
    const texts = [
      '{{ x | append: "/.." }}',
      '{{ x | split: "," | join: "/" }}',
      '{% assign y = x | prepend: "/" %}{{ y }}',
      '{% for c in (1..2) %}{{ x }}{% endfor %}',
      '{% if x %}{{ x }}{% else %}none{% endif %}',
      '{% case x %}{% when "" %}none{% else %}{{ x | upcase }}{% endcase %}',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...texts), fc.string({ minLength: 1 }), (text, value) => {
        let url: string;
        try {
          url = renderUrl(`https://x.test/a/${text}/b?c`, bindings(value));
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          return;
        }
        const { origin, pathname, search } = new URL(url);
        expect([origin, pathname.split('/').length, search]).toEqual(['https://x.test', 4, '?c']);
        expect(pathname).toMatch(/^\/a\/[^/]+\/b$/);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['.', '..'])('lets no value lead elsewhere: %s', (value) => {
    expect(() => renderUrl('https://x.test/a/{{ x }}/b', bindings(value))).toThrow('which leads elsewhere');
    expect(() => renderUrl('https://x.test/a/.{{ x }}', bindings('.'))).toThrow('which leads elsewhere');
    expect(renderUrl('https://x.test/a?b={{ x }}', bindings(value))).toBe(`https://x.test/a?b=${value}`);
  });

  it.each(['', null, []])('lets no value leave a part of its path empty: %j', (value) => {
    expect(() => renderUrl('https://x.test/users/{{ x | join: "" }}', bindings(value))).toThrow(
      'a part of its path is empty',
    );
    expect(renderUrl('https://x.test/users?q={{ x | join: "" }}', bindings(value))).toBe(
      'https://x.test/users?q=',
    );
    expect(renderUrl('https://x.test/a{{ x | join: "" }}/b', bindings(value))).toBe('https://x.test/a/b');
  });

  it('takes no half of a character', () => {
    expect(() => renderUrl('https://x.test/{{ x }}', bindings('a\ud800'))).toThrow('half a character');
  });

  it('of any text is refused, or talks to the host that can be read in it', () => {
    const piece = fc.constantFrom(
      ...['http', 'https', '://', ':', '/', '\\', '@', '?', '#', '.', '..', '[', ']', '%', '%2e', '%40', ' '],
      ...[
        '127.0.0.1',
        '::1',
        '0x7f',
        'a.test',
        'evil.test',
        '８',
        '。',
        '\t',
        '\n',
        '\u00ad',
        '\u200b',
        'ß',
        '80',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.string({ maxLength: 3 }), (pieces, tail) => {
        const text = `https://${pieces.join('')}${tail}`;
        if (urlProblem(text) !== undefined) return;
        const { hostname, username, protocol } = new URL(text);
        expect([protocol, username]).toEqual(['https:', '']);
        expect(text.toLowerCase().startsWith(`https://${hostname}`)).toBe(true);
        expect(/^[/?:]?$/.test(text.charAt(`https://${hostname}`.length))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
