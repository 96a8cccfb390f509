import type { Answer } from '../report.js';
import type { PageInk } from './ink.js';
import { mark } from './marks.js';
import { type Html, html } from './markup.js';

/** What of the answer, below a place of `report.json`, is not found in what it rests on; the way to why. */
export type Doubts = (where: string) => Html | undefined;

export function doubtsOf({ requirements }: Answer, ink: PageInk): Doubts {
  const all = requirements.flatMap(({ unsupported = [] }) => unsupported);
  return (where) => {
    const place = where.replace(/^answer\.data/, '$');
    const below = (at: string) => at.startsWith(place) && /^$|^[.[]/.test(at.slice(place.length));
    const findings = all.filter(({ at }) => below(at)).flatMap(({ findings }) => findings);
    if (findings.length === 0) return undefined;
    const tokens = [...new Set(findings.map(({ token, why }) => token || why))];
    return html`<div><a class="mark wary" href="#asked">${mark('wary')} not found: ${ink.some(tokens, ink.code)}</a></div>`;
  };
}
