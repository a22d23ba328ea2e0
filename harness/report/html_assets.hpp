// SPDX-License-Identifier: GPL-2.0-only
#pragma once

/// What every page is dressed in. The page is whole without the script, which only filters and opens.
namespace exit24::report {

constexpr char page_style[] = R"css(
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;--box:#f6f8fa;--link:#0550ae;
--good:#116329;--good-bg:#dafbe1;--bad:#a40e26;--bad-bg:#ffe2e0;--look:#7d4e00;--look-bg:#fff3c4;
--skip:#4b535d;--skip-bg:#eaeef2;--ok:#3fb15f;--maybe:#d4a72c;--untouched:#d8dee4;--written:#54a3ff;--partly:#a475f9;--wrong:#cf222e}
@media(prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9aa4af;--line:#3d444d;--box:#161b22;
--link:#79b8ff;--good:#56d364;--good-bg:#0f2e1a;--bad:#ff9a92;--bad-bg:#3d1214;--look:#e3b341;--look-bg:#33270a;
--skip:#b1bac4;--skip-bg:#21262d;--ok:#2ea043;--maybe:#bb8009;--untouched:#373e47;--written:#1f6feb;--partly:#8957e5;--wrong:#f85149}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
main,header,footer{max-width:76rem;margin:0 auto;padding:0 1rem}
h1{font-size:1.6rem;margin:1rem 0 .25rem}h2{font-size:1.25rem;margin:2rem 0 .5rem;border-bottom:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.2rem 0 .4rem}h4{font-size:1rem;margin:1rem 0 .25rem}
a{color:var(--link)}code,pre,.mono{font-family:ui-monospace,monospace;font-size:.875rem}
code{overflow-wrap:anywhere}
pre{background:var(--box);border:1px solid var(--line);border-radius:6px;padding:.6rem;overflow:auto;max-height:26rem}
nav{display:flex;flex-wrap:wrap;gap:.1rem 1rem;font-size:.9rem}.items{list-style:none;padding:0}.items li{margin:.45rem 0}
.skip-link{position:absolute;left:-99rem}.skip-link:focus{left:1rem;top:.5rem;background:var(--bg);padding:.5rem}
:focus-visible{outline:3px solid var(--link);outline-offset:1px}
.verdict{border-left:.6rem solid;border-radius:6px;padding:.5rem 1rem;margin:1rem 0;background:var(--box)}
.verdict h1{margin:0}.verdict p{margin:.25rem 0 0}
.scroll{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;font-size:.9rem}th,td{padding:.25rem .5rem;border:1px solid var(--line);text-align:left;vertical-align:top}
thead th{background:var(--box)}td.wide{min-width:13rem}td.short{white-space:nowrap}caption{text-align:left;color:var(--dim);padding:.25rem 0}
.matrix tbody th{font-weight:400;position:sticky;left:0;background:var(--bg);max-width:26rem;overflow-wrap:anywhere}
.matrix td{text-align:center;white-space:nowrap}.matrix td a{display:block;color:inherit;text-decoration:none}
.matrix td.short a,.matrix td.others a{display:inline}.matrix td a:hover{text-decoration:underline}
.good{color:var(--good)}.bad,.broken{color:var(--bad)}.look{color:var(--look)}.skipped{color:var(--skip)}
td.good,.chip.good,.verdict.good{background:var(--good-bg)}td.bad,td.broken,.chip.bad,.chip.broken,.verdict.bad,.verdict.broken{background:var(--bad-bg)}
td.look,.chip.look,.verdict.look{background:var(--look-bg)}td.skipped,.chip.skipped{background:var(--skip-bg)}
td.bad,td.broken,.chip.bad,.chip.broken{font-weight:700}
.chip{display:inline-block;border-radius:4px;padding:0 .4rem;font-size:.85rem}
.dim{color:var(--dim)}ul{padding-left:1.2rem}li{margin:.2rem 0}
details{border:1px solid var(--line);border-radius:6px;margin:.35rem 0;padding:0 .6rem}
details[open]{padding-bottom:.6rem}
summary{cursor:pointer;padding:.3rem 0;overflow-wrap:anywhere}summary .title{color:var(--dim)}
dl{margin:.3rem 0;display:grid;grid-template-columns:max-content 1fr;gap:.15rem .8rem}dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
svg{display:block;max-width:100%}svg text{fill:var(--fg);font:11px ui-monospace,monospace}
.untouched{fill:var(--untouched)}.written{fill:var(--written)}.partly{fill:var(--partly)}.wrong{stroke:var(--wrong);stroke-width:3;stroke-dasharray:5 2}
tr.wrong td,tr.wrong th{background:var(--bad-bg);font-weight:700}
.squares{display:flex;flex-wrap:wrap;gap:3px;margin:.5rem 0}.squares a{width:16px;height:16px;border-radius:3px}
.squares .good{background:var(--ok)}.squares .bad,.squares .broken{background:var(--wrong)}.squares .look{background:var(--maybe)}
.squares .skipped{background:var(--untouched)}
.bar{width:12rem}.bar rect:not([class]){fill:var(--written)}
.picture{width:100%;margin:.5rem 0;background:var(--box)}.picture rect,.picture path{shape-rendering:crispEdges}.picture a:hover rect{opacity:.6}
.picture path{stroke-width:1;vector-effect:non-scaling-stroke}
rect.good,path.good{fill:var(--ok);stroke:none}rect.bad,rect.broken,path.bad,path.broken{fill:var(--wrong);stroke:var(--wrong)}
rect.look,path.look{fill:var(--maybe);stroke:var(--maybe)}rect.skipped,path.skipped{fill:var(--untouched)}path.absent,rect.absent{fill:var(--box)}
.bar rect{stroke:none}.dot{display:inline-block;width:.65rem;height:.65rem;border-radius:50%;margin-right:.4rem}
.dot.good{background:var(--ok)}.dot.bad,.dot.broken{background:var(--wrong)}.dot.look{background:var(--maybe)}.dot.skipped{background:var(--untouched)}
details.more{border:0;padding:0;margin:0}details.more:not([open]){display:inline-block;margin-left:.5rem}details.more summary{padding:0}th .dim{font-weight:400}details.more[open]{padding:0}.matrix td.others{text-align:left;white-space:normal;min-width:12rem}
.tools{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;margin:.5rem 0}
.tools[hidden]{display:none}input,select,button{font:inherit;color:inherit;background:var(--box);border:1px solid var(--dim);border-radius:6px;padding:.2rem .5rem}
footer{margin-top:3rem;color:var(--dim);font-size:.875rem;border-top:1px solid var(--line);padding-bottom:2rem}
@media(max-width:40rem){dl{grid-template-columns:1fr}dd{margin-left:1rem}.matrix tbody th{max-width:10rem}.bar{width:6rem}}
@media print{.tools{display:none}pre{max-height:none}}
)css";

constexpr char page_script[] = R"js(
'use strict';
(() => {
	const all = (s) => [...document.querySelectorAll(s)];
	const open = () => {
		const there = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
		if (!there)
			return;
		there.hidden = false;
		for (let d = there.closest('details'); d; d = d.parentElement.closest('details'))
			d.open = true;
		there.scrollIntoView();
	};
	addEventListener('hashchange', open);
	document.addEventListener('click', (e) => {
		const a = e.target.closest('a[href^="#"]');
		if (a && a.hash === location.hash)
			open();
	});
	const tools = document.getElementById('tools');
	const words = document.getElementById('words'), kind = document.getElementById('kind');
	// what a row is found by: a case's head and facts, a row of a table by those of the cases that it names
	const own = (c) => c.querySelector('summary').textContent + ' ' + c.querySelector('dl').textContent;
	const rows = all('[data-grades]');
	const texts = rows.map((row) => (row.localName === 'details' ? own(row) :
		row.querySelector('th').textContent + [...row.querySelectorAll('th a[href^="#case-"]')]
			.map((a) => own(document.getElementById(a.hash.slice(1)))).join(' ')).toLowerCase());
	const filter = () => {
		const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
		let shown = 0;
		for (const [i, row] of rows.entries()) {
			const ok = wanted.every((w) => texts[i].includes(w)) &&
				(!kind.value || (' ' + row.dataset.grades + ' ').includes(' ' + kind.value + ' '));
			row.hidden = !ok;
			if (ok && row.localName === 'details')
				shown++;
		}
		document.getElementById('count').textContent = shown + ' cases shown';
	};
	if (tools) {
		tools.hidden = false;
		words.addEventListener('input', filter);
		kind.addEventListener('change', filter);
		filter();
	}
	for (const code of navigator.clipboard ? all('code.command') : []) {
		const button = document.createElement('button');
		button.textContent = 'copy';
		button.addEventListener('click', () => navigator.clipboard.writeText(code.textContent)
			.then(() => { button.textContent = 'copied'; }, () => { button.textContent = 'cannot copy'; }));
		code.after(' ', button);
	}
	open();
})();
)js";

} // namespace exit24::report
