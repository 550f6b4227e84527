/** The page's only style: no font, image or script comes from anywhere. Every colour of text is at 4.5 to 1 or more. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fafaf8; --card: #ffffff; --line: #dcdfe3; --text: #1d2228; --quiet: #545d68; --link: #0b57b0;
  --good: #11622d; --good-soft: #e4f4e9; --good-bar: #2e9e54;
  --bad: #a31b14; --bad-soft: #fdebe9; --bad-bar: #d4453c;
  --warn: #734600; --warn-soft: #fdf1d8; --warn-bar: #c98a16;
  --idle: #4d5661; --idle-soft: #edeff1; --idle-bar: #8b95a1; --wait: #d5d9de;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11161b; --card: #181e25; --line: #2c343d; --text: #e7eaee; --quiet: #a3adb8; --link: #84b9ff;
    --good: #7fdd9b; --good-soft: #163322; --good-bar: #3fae66;
    --bad: #ffa8a1; --bad-soft: #40191a; --bad-bar: #e25a51;
    --warn: #f3c76f; --warn-soft: #38290b; --warn-bar: #d39b30;
    --idle: #b3bcc6; --idle-soft: #252c34; --idle-bar: #727d89; --wait: #39424c;
  }
}
* { box-sizing: border-box; }
html { font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
body { margin: 0; background: var(--page); color: var(--text); overflow-wrap: anywhere; }
main { max-width: 68rem; margin: 0 auto; padding: 2.5rem 1.25rem 3rem; }
h1 { margin: .5rem 0 .4rem; font-size: clamp(1.35rem, 1rem + 2vw, 2rem); line-height: 1.25; letter-spacing: -.01em; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.1rem; }
p { margin: 0; }
h2 + p { margin-bottom: .7rem; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus-visible, summary:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: 4px; }
code { font: .9em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
:is(dd, p, li, summary) > code { padding: .1em .35em; border-radius: 5px; background: var(--idle-soft); color: var(--text); }
.quiet { color: var(--quiet); font-size: .9rem; }
.pill { display: inline-block; padding: .1rem .6rem; border-radius: 999px; font-size: .85rem; font-weight: 600; white-space: nowrap; }
.good { color: var(--good); background: var(--good-soft); }
.bad { color: var(--bad); background: var(--bad-soft); }
.warn { color: var(--warn); background: var(--warn-soft); }
.idle { color: var(--idle); background: var(--idle-soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.night { margin: 1.75rem 0 0; padding: 1rem 1.25rem; border-left: 5px solid var(--bad-bar); }
.night dl { margin: 0; display: grid; grid-template-columns: 9.5rem 1fr; gap: .6rem 1rem; }
.night dt { font-weight: 600; }
.night dd { margin: 0; }
.first { margin: 1.25rem 0 0; padding: .9rem 1.25rem; }
.first p + p { margin-top: .35rem; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .55rem 1.25rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; font-size: .85rem; font-weight: 600; color: var(--quiet); }
tbody th { font-weight: 600; min-width: 9.5rem; }
tbody th a { color: inherit; text-decoration-color: var(--quiet); }
th:last-child { min-width: 6rem; text-align: right; }
td.time { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; color: var(--quiet); }
.facts { display: flex; flex-wrap: wrap; gap: .1rem .9rem; margin: .2rem 0 0; padding: 0; list-style: none; color: var(--quiet); font-size: .85rem; }
.axis { padding: .6rem 1.25rem .4rem; color: var(--quiet); font-size: .8rem; font-variant-numeric: tabular-nums; }
.axis, .row { display: grid; grid-template-columns: minmax(8rem, 15rem) 1fr 8rem; gap: 0 1rem; align-items: center; }
.marks { display: flex; justify-content: space-between; }
.job { border-top: 1px solid var(--line); }
.job summary, .job > .row { padding: .5rem 1.25rem; cursor: default; list-style: none; }
.job summary { cursor: pointer; }
.job summary::-webkit-details-marker { display: none; }
.job summary .label::before { content: "▸ "; color: var(--quiet); }
.job[open] summary .label::before { content: "▾ "; }
.label { font-weight: 600; }
.steps .label { font-weight: 400; color: var(--quiet); font-size: .9rem; padding-left: 1rem; }
.steps { margin: 0; padding: 0 1.25rem .6rem; list-style: none; }
.row .time { text-align: right; color: var(--quiet); font-size: .9rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
svg { display: block; width: 100%; height: .75rem; }
.steps svg { height: .45rem; }
.track { fill: var(--idle-soft); }
.wait { fill: var(--wait); }
.good-bar { fill: var(--good-bar); } .bad-bar { fill: var(--bad-bar); } .warn-bar { fill: var(--warn-bar); } .idle-bar { fill: var(--idle-bar); }
.more { margin: .75rem 0 0; padding: .75rem 1.25rem; }
.more summary { cursor: pointer; font-weight: 600; }
.more ul { margin: .6rem 0 .2rem; padding-left: 1.2rem; }
.more li { margin: .3rem 0; }
footer { margin-top: 2.5rem; }
@media (max-width: 40rem) {
  main { padding: 1.5rem .9rem 2rem; }
  .night dl { grid-template-columns: 1fr; gap: .1rem; }
  .night dd { margin-bottom: .6rem; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; }
  tbody tr { display: grid; grid-template-columns: 1fr auto; gap: .15rem .75rem; padding: .7rem .9rem; border-top: 1px solid var(--line); }
  tbody tr:first-child { border-top: 0; }
  tbody :is(th, td) { min-width: 0; padding: 0; border: 0; }
  tbody td.detail { grid-column: 1 / -1; }
  tbody td.time { grid-column: 1 / -1; text-align: left; font-size: .85rem; }
  tbody td.time:empty, tbody td.detail:empty { display: none; }
  .axis { display: none; }
  .row { grid-template-columns: 1fr auto; row-gap: .3rem; }
  .row svg { grid-column: 1 / -1; grid-row: 2; }
  .job summary, .job > .row, .steps { padding-left: .9rem; padding-right: .9rem; }
}
@media (forced-colors: active) {
  .pill { border: 1px solid; }
  svg rect { forced-color-adjust: none; }
}
@media print {
  :root { --page: #ffffff; }
  main { max-width: none; padding: 0; }
  .card, tr, .job { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
}
`;
