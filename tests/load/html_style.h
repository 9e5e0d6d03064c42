// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace provisioning {

// How an HTML report looks: light or dark as the reader's system is, on wide and
// on narrow screens.
inline constexpr char html_style[] = R"css(
:root { color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --text: #1c2430; --soft: #5b6675; --rule: #dde2e9;
  --a: #2563eb; --b: #c2570c; --c: #8a94a3; --good: #15803d; --bad: #b91c1c;
  --good-page: #e7f5ec; --bad-page: #fdeaea; }
@media (prefers-color-scheme: dark) { :root {
  --page: #12161c; --card: #1b212a; --text: #e6eaf0; --soft: #9aa6b5; --rule: #323b48;
  --a: #6ea8ff; --b: #ffa45c; --c: #8390a2; --good: #5fd38b; --bad: #ff8a8a;
  --good-page: #14291d; --bad-page: #351a1c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1000px; margin: 0 auto; padding: 24px 16px 48px; }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 0 0 10px; }
p { margin: 0; }
.soft { color: var(--soft); }
.verdict { margin: 16px 0; padding: 10px 14px; border-radius: 8px; font-weight: 600;
  overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); }
.verdict.good { background: var(--good-page); } .verdict.bad { background: var(--bad-page); }
section, figure { background: var(--card); border: 1px solid var(--rule); border-radius: 8px;
  padding: 16px; margin: 16px 0 0; }
.keys { display: grid; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: 10px; }
.keys div { background: var(--card); border: 1px solid var(--rule); border-radius: 8px;
  padding: 10px 12px; }
.keys b { display: block; font-size: 20px; line-height: 1.3; font-variant-numeric: tabular-nums;
  overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: minmax(110px, max-content) 1fr; gap: 4px 16px;
  margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 12px 5px 0; border-top: 1px solid var(--rule);
  vertical-align: top; }
thead th { border-top: 0; color: var(--soft); font-weight: 500; }
th.number, td.number { text-align: right; } td.number { white-space: nowrap; }
th.number:last-child, td.number:last-child { padding-right: 0; }
td.wide { overflow-wrap: anywhere; min-width: 180px; }
.bar { display: grid; grid-template: "name track count" / 170px 1fr 150px; gap: 2px 12px;
  align-items: center; margin-top: 6px; }
.bar .name { grid-area: name; }
.bar .count { grid-area: count; text-align: right; font-variant-numeric: tabular-nums;
  white-space: nowrap; }
.bar .track { grid-area: track; height: 14px; border-radius: 3px; background: var(--page); }
.bar .fill { height: 14px; border-radius: 3px; background: var(--a); min-width: 2px; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 18px; list-style: none; margin: 0 0 6px;
  padding: 0; color: var(--soft); }
.legend li::before { content: ""; display: inline-block; width: 18px; height: 3px;
  border-radius: 2px; margin-right: 7px; vertical-align: middle; background: var(--line); }
.legend .a { --line: var(--a); } .legend .b { --line: var(--b); } .legend .c { --line: var(--c); }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font-size: 12px; }
svg .grid { stroke: var(--rule); } svg .axis { stroke: var(--soft); }
svg .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
svg .a { stroke: var(--a); } svg .b { stroke: var(--b); } svg .c { stroke: var(--c); }
.narrow { display: none; }
@media (max-width: 640px) {
  .wide-plot { display: none; } .narrow { display: block; }
  main { padding: 16px 12px 32px; } section, figure { padding: 12px; }
  .keys { grid-template-columns: 1fr 1fr; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; }
  .bar { grid-template: "name count" "track track" / 1fr max-content; }
}
@media print { section, figure { break-inside: avoid; } }
)css";

}  // namespace provisioning
