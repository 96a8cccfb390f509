/** Colours for waves, taken in turn. */
export const TINTS = 4;

/** Light, and dark where whoever looks prefers that. */
export const STYLE = `
:root{--page:#fff;--ink:#1c2430;--soft:#5b6675;--grid:#e3e7ec;--strip:#f3f5f8;--use:#8fa3ba;--critical:#d9480f;--on:#fff;--bound:#7a1fa2;--w0:#a9c6ea;--w1:#b5dccb;--w2:#d3c6ec;--w3:#e9dfae}
@media (prefers-color-scheme:dark){:root{--page:#12161c;--ink:#e6ebf2;--soft:#9aa7b6;--grid:#28303a;--strip:#1a2028;--use:#54677e;--critical:#ff8a4c;--on:#1c1005;--bound:#d39bf0;--w0:#2f5585;--w1:#2d6650;--w2:#5b4a86;--w3:#716329}}
svg{background:var(--page);color-scheme:light dark;font:11px system-ui,sans-serif}
text{fill:var(--ink)}
.page{fill:var(--page)}.title{font-size:20px;font-weight:600}.sub{font-size:13px;fill:var(--soft)}
.grid{stroke:var(--grid)}.tick{text-anchor:middle;fill:var(--soft)}.name{text-anchor:end;fill:var(--soft)}
rect{stroke:var(--page);stroke-width:.6}
.w0 rect{fill:var(--w0)}.w1 rect{fill:var(--w1)}.w2 rect{fill:var(--w2)}.w3 rect{fill:var(--w3)}
.critical rect{fill:var(--critical)}.critical text{fill:var(--on);font-weight:600}
g:hover rect{stroke:var(--ink);stroke-width:1.5}
.strip{fill:var(--strip)}.use{fill:var(--use)}.strip-name{fill:var(--soft)}
.bound{fill:none;stroke:var(--bound);stroke-width:1.5;stroke-dasharray:5 4}.bound-name{fill:var(--bound);font-weight:600}
`.trim();
