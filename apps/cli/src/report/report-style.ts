/** Light and dark by the reader's own setting. The two hues are told apart without seeing red and green. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1b1f24, #e6e8eb); --soft: light-dark(#57606a, #a0a8b2);
  --paper: light-dark(#fff, #14171b); --rule: light-dark(#d5d9de, #353b43); --tile: light-dark(#f3f5f7, #1e2329);
  --good: light-dark(#1f6feb, #58a6ff); --good-lighter: light-dark(#9cc4fa, #2c5b96);
  --bad: light-dark(#c4540a, #f0883e); --bad-lighter: light-dark(#f5bd8f, #8a4a1c); }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 900px; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; }
.verdict { font-size: 1.1rem; border-left: 4px solid var(--good); padding-left: .8rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: .6rem; }
.tile { background: var(--tile); border-radius: 6px; padding: .6rem .8rem; }
.tile dt { color: var(--soft); } .tile dd { margin: 0; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.tile small { display: block; font-size: .8rem; color: var(--soft); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding-bottom: .3rem; }
th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--rule); text-align: right; font-weight: normal; white-space: nowrap; }
thead th { color: var(--soft); } th:first-child { text-align: left; }
figure { margin: 1rem 0; } figcaption { font-weight: 600; } figure > svg { width: 100%; height: auto; }
.good { fill: var(--good); } .good-lighter { fill: var(--good-lighter); }
.bad { fill: var(--bad); } .bad-lighter { fill: var(--bad-lighter); }
.grid { stroke: var(--rule); } .zero { stroke: var(--ink); } .tick { fill: var(--soft); font-size: 12px; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 1rem; padding: 0; margin: .2rem 0; }
.key { width: .7rem; height: .7rem; margin-right: .4rem; }
summary { cursor: pointer; } footer { margin-top: 2rem; color: var(--soft); }
`;
