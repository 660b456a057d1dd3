// SPDX-License-Identifier: GPL-2.0-only
"use strict";

(() => {
	const data = JSON.parse(document.getElementById("data").textContent);
	const byId = (id) => document.getElementById(id);
	/* Rows and columns at a time; the search finds the others. */
	const LIMIT = 200;
	const vertices = new Map(data.vertices.map((v) => [v.id, v]));
	const order = [...data.vertices].sort((a, b) =>
		rank(a) - rank(b) || compare(a.group, b.group) ||
		compare(a.label, b.label) || a.id - b.id);
	const attempts = new Map();
	const search = byId("search");
	const by = byId("by");
	const matrix = byId("matrix");
	const details = byId("details");
	let kept = null;

	function rank(vertex) {
		return ["pods", "remote", "outside", "address"]
			.indexOf(vertex.kind);
	}

	function compare(a, b) {
		return a < b ? -1 : a > b ? 1 : 0;
	}

	/* Texts come from outside: they only ever become text. */
	function element(name, text, className) {
		const made = document.createElement(name);

		if (text !== undefined)
			made.textContent = text;
		if (className)
			made.className = className;
		return made;
	}

	function fullName(vertex) {
		return vertex.kind === "pods" ?
			`${vertex.group}/${vertex.label}` : vertex.label;
	}

	for (const attempt of data.attempts) {
		const key = `${attempt.from} ${attempt.to}`;

		if (!attempts.has(key))
			attempts.set(key, []);
		attempts.get(key).push(attempt);
	}

	function attemptsOf(from, to) {
		return attempts.get(`${from} ${to}`) || [];
	}

	function answerOf(from, to) {
		const row = data.cells[from];
		const number = row ? row[to] : undefined;

		return number === undefined || number === null ? null :
			data.answers[number];
	}

	/* --- search */

	function matches(vertex, words) {
		const texts = [fullName(vertex), ...vertex.members]
			.map((text) => text.toLowerCase());

		return words.every((word) =>
			texts.some((text) => text.includes(word)));
	}

	function found() {
		const words = search.value.toLowerCase().split(/\s+/)
			.filter((word) => word);

		return new Set(order.filter((vertex) =>
			words.length && matches(vertex, words))
			.map((vertex) => vertex.id));
	}

	function readHash() {
		const hash = new URLSearchParams(location.hash.slice(1));

		search.value = hash.get("search") || "";
		by.value = hash.get("by") === "servers" ? "servers" : "clients";
	}

	function writeHash() {
		const hash = new URLSearchParams();

		if (search.value)
			hash.set("search", search.value);
		if (by.value !== "clients")
			hash.set("by", by.value);
		history.replaceState(null, "", `#${hash}`);
	}

	/* --- matrix */

	function cellOf(from, to) {
		const cell = element("td");
		const answer = answerOf(from.id, to.id);
		const denied = attemptsOf(from.id, to.id);
		const packets = denied.reduce((sum, a) => sum + a.packets, 0);

		cell.dataset.from = from.id;
		cell.dataset.to = to.id;
		cell.tabIndex = -1;
		if (from.kind !== "pods" && to.kind !== "pods" && !packets) {
			cell.className = "same";
			cell.setAttribute("aria-label", "no pod of this graph");
			return cell;
		}
		if (from.id === to.id && from.count === 1) {
			cell.textContent = "–";
			cell.className = "same";
			cell.setAttribute("aria-label", "the same");
			return cell;
		}
		if (from.kind === "address" || to.kind === "address") {
			cell.className = "none";
		} else if (answer && answer.accept) {
			cell.textContent = answer.accept === "all traffic" ?
				"all" : answer.accept;
			cell.className = answer.accept === "all traffic" ?
				"all" : "some";
		} else if (answer && answer.audit) {
			cell.textContent = answer.audit;
		} else {
			cell.textContent = "none";
			cell.className = "none";
		}
		if (answer && answer.audit)
			cell.classList.add("audit");
		if (packets) {
			cell.classList.add(denied.every((a) => a.audited) ?
				"audited" : "attempted");
			cell.append(" ", element("b", `✕${packets}`));
		}
		cell.setAttribute("aria-label", `${fullName(from)} to ` +
			`${fullName(to)}: ${cell.textContent}`);
		return cell;
	}

	function heading(vertex, matched) {
		const name = element(matched ? "mark" : "span", vertex.label);
		const th = element("th");

		th.title = vertex.members.slice(0, 20).join("\n");
		th.append(name);
		return th;
	}

	function drawMatrix(matched) {
		const all = !search.value.trim();
		const chosen = order.filter((v) => all || matched.has(v.id));
		const rows = by.value === "servers" ? order : chosen;
		const columns = by.value === "servers" ? chosen : order;
		const head = element("thead"), body = element("tbody");
		const top = element("tr");
		let first = true;

		top.append(element("th"));
		for (const to of columns.slice(0, LIMIT)) {
			const th = element("th");
			const name = element("span", fullName(to));

			th.scope = "col";
			th.dataset.id = to.id;
			th.title = to.members.slice(0, 20).join("\n");
			if (matched.has(to.id)) {
				const mark = element("mark", name.textContent);

				name.replaceChildren(mark);
			}
			th.append(name);
			top.append(th);
		}
		head.append(top);
		for (const from of rows.slice(0, LIMIT)) {
			const row = element("tr");
			const th = heading(from, matched.has(from.id));

			th.scope = "row";
			if (from.kind === "pods")
				th.append(" ", element("small", from.group));
			row.dataset.id = from.id;
			row.append(th);
			for (const to of columns.slice(0, LIMIT)) {
				const cell = cellOf(from, to);

				if (first)
					cell.tabIndex = 0;
				first = false;
				row.append(cell);
			}
			body.append(row);
		}
		matrix.replaceChildren(head, body);
		const left = Math.max(rows.length - LIMIT, 0) +
			Math.max(columns.length - LIMIT, 0);

		byId("limited").hidden = !left;
		byId("limited").textContent =
			`The first ${LIMIT} rows and columns are shown; ` +
			`search to see ${left} more.`;
		byId("found").textContent = all ? "" :
			`${chosen.length} of ${order.length} found`;
	}

	/* --- details */

	function protocolName(number) {
		return { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6",
			132: "sctp" }[number] || `protocol ${number}`;
	}

	function portName(segment) {
		const [first, last] = segment.protocols;
		const [low, high] = segment.ports;

		if (first === 0 && last === 255)
			return "all traffic";
		if (first !== last)
			return `protocols ${first}-${last}`;
		if (low === 0 && high === 65535)
			return protocolName(first);
		return `${low === high ? low : `${low}-${high}`}/` +
			protocolName(first);
	}

	function segmentItem(segment) {
		const item = element("li", `${portName(segment)}: `);
		const words = { accept: "accepted", audit: "audited only",
			deny: "denied" };
		const origins = [];

		item.append(element("span", words[segment.verdict],
			`verdict ${segment.verdict}`));
		if (segment.egress)
			origins.push(`egress: ${segment.egress}`);
		if (segment.ingress)
			origins.push(`ingress: ${segment.ingress}`);
		if (origins.length)
			item.append(`; ${origins.join("; ")}`);
		else if (segment.verdict === "accept")
			item.append("; no policy objects");
		else
			item.append("; no address family in common");
		return item;
	}

	function attemptItem(attempt) {
		const what = attempt.audited ? "audit" : "deny";
		const item = element("li", `${attempt.client} to ` +
			`${attempt.server}, ${attempt.label}: `);

		item.append(element("span", `${attempt.packets} packets ` +
			(attempt.audited ? "audited" : "denied"),
			`verdict ${what}`));
		if (attempt.origin)
			item.append(` by ${attempt.origin}`);
		return item;
	}

	function showPair(from, to) {
		const list = element("ul");
		const answer = answerOf(from.id, to.id);

		for (const attempt of attemptsOf(from.id, to.id))
			list.append(attemptItem(attempt));
		if (answer && (from.kind === "pods" || to.kind === "pods"))
			for (const segment of answer.ports)
				list.append(segmentItem(segment));
		details.replaceChildren(element("h3",
			`${fullName(from)} → ${fullName(to)}`), list);
	}

	function showVertex(vertex) {
		const list = element("ul");

		for (const member of vertex.members.slice(0, 100))
			list.append(element("li", member));
		if (vertex.count > 100)
			list.append(element("li",
				`and ${vertex.count - 100} more`));
		details.replaceChildren(element("h3", fullName(vertex)),
			element("p", vertex.kind === "pods" ?
				`${vertex.count} ` +
				(vertex.count === 1 ? "pod" : "pods that " +
				"nothing tells apart") : "addresses"), list);
	}

	function showCell(cell) {
		if (cell.classList.contains("same"))
			return;
		showPair(vertices.get(Number(cell.dataset.from)),
			vertices.get(Number(cell.dataset.to)));
	}

	function keep(cell) {
		if (kept)
			kept.classList.remove("chosen");
		kept = kept === cell ? null : cell;
		if (kept) {
			kept.classList.add("chosen");
			showCell(kept);
		}
	}

	function moveFocus(cell, event) {
		const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1],
			ArrowUp: [-1, 0], ArrowDown: [1, 0] };
		const step = steps[event.key];
		const row = cell.parentElement;

		if (event.key === "Enter" || event.key === " ") {
			event.preventDefault();
			keep(cell);
			return;
		}
		if (!step)
			return;
		event.preventDefault();
		const rows = row.parentElement.rows;
		const next = rows[row.sectionRowIndex + step[0]];
		const target = next && next.cells[cell.cellIndex + step[1]];

		if (!target || target.tagName !== "TD")
			return;
		cell.tabIndex = -1;
		target.tabIndex = 0;
		target.focus();
	}

	matrix.addEventListener("mouseover", (event) => {
		const cell = event.target.closest("td");

		if (cell && !kept)
			showCell(cell);
	});
	matrix.addEventListener("focusin", (event) => {
		const cell = event.target.closest("td");

		if (cell && !kept)
			showCell(cell);
	});
	matrix.addEventListener("click", (event) => {
		const cell = event.target.closest("td");

		if (cell)
			keep(cell);
	});
	matrix.addEventListener("keydown", (event) => {
		const cell = event.target.closest("td");

		if (cell)
			moveFocus(cell, event);
	});

	/* --- picture */

	const picture = byId("picture");
	const drawn = picture.querySelector("svg");

	function edgeEnds(shape) {
		const number = Number(shape.id.slice(1));

		if (shape.id[0] === "d")
			return data.attempts[number];
		return data.edges[number];
	}

	function dimPicture(matched) {
		const near = new Set(matched);

		if (!drawn)
			return;
		for (const edge of [...data.edges, ...data.attempts]) {
			if (matched.has(edge.from))
				near.add(edge.to);
			if (matched.has(edge.to))
				near.add(edge.from);
		}
		for (const shape of drawn.querySelectorAll(".node")) {
			const id = Number(shape.id.slice(1));

			shape.classList.toggle("dim",
				search.value.trim() !== "" && !near.has(id));
			shape.classList.toggle("match", matched.has(id));
		}
		for (const shape of drawn.querySelectorAll(".edge")) {
			const ends = edgeEnds(shape);

			shape.classList.toggle("dim",
				search.value.trim() !== "" &&
				!matched.has(ends.from) &&
				!matched.has(ends.to));
		}
	}

	if (drawn) {
		/* What Graphviz calls its own objects tells nobody anything. */
		for (const title of drawn.querySelectorAll("title"))
			title.remove();
		drawn.setAttribute("role", "img");
		drawn.setAttribute("aria-label", "Graph of pods; " +
			"the matrix below says the same");
		drawn.addEventListener("click", (event) => {
			const shape = event.target.closest(".node, .edge");

			for (const other of drawn.querySelectorAll(".chosen"))
				other.classList.remove("chosen");
			if (!shape)
				return;
			shape.classList.add("chosen");
			if (shape.classList.contains("node")) {
				showVertex(vertices.get(
					Number(shape.id.slice(1))));
			} else {
				const ends = edgeEnds(shape);

				showPair(vertices.get(ends.from),
					vertices.get(ends.to));
			}
		});
	} else {
		byId("fit").hidden = true;
	}
	byId("fit").addEventListener("click", () => {
		const fit = picture.classList.toggle("fit");

		byId("fit").setAttribute("aria-pressed", String(fit));
	});

	/* --- denied attempts */

	function drawAttempts(matched) {
		const all = !search.value.trim();
		const body = byId("attempts").tBodies[0];
		const shown = data.attempts.filter((attempt) => all ||
			matched.has(attempt.from) || matched.has(attempt.to));

		body.replaceChildren(...shown.map((attempt) => {
			const row = element("tr");

			row.append(element("td", attempt.client),
				element("td", attempt.server),
				element("td", attempt.label),
				element("td", attempt.packets, "number"),
				element("td", attempt.audited ? "audited" :
					"denied", "verdict " +
					(attempt.audited ? "audit" : "deny")),
				element("td", attempt.origin ||
					attempt.reason));
			return row;
		}));
		byId("attempts").hidden = !shown.length;
		byId("attempts-none").hidden = shown.length > 0;
		byId("attempts-none").textContent = !data.seconds ?
			"Nobody watched: nlctl graph --live SECONDS does." :
			data.attempts.length ? "None of what was found." :
			`None in ${data.seconds} s.`;
	}

	/* --- all of it */

	function summarize() {
		const packets = data.attempts.reduce((sum, attempt) =>
			sum + (attempt.audited ? 0 : attempt.packets), 0);
		const pods = order.reduce((sum, vertex) =>
			sum + (vertex.kind === "pods" ? vertex.count : 0), 0);
		const facts = [
			["pods", pods],
			["namespaces", new Set(order.filter((v) =>
				v.kind === "pods").map((v) => v.group)).size],
			["edges", data.edge_count],
		];

		if (data.seconds)
			facts.push([`packets denied in ${data.seconds} s`,
				packets]);
		if (data.lost)
			facts.push(["events lost", data.lost]);
		byId("summary").replaceChildren(...facts.map((fact, i) => {
			const box = element("div");

			if (i > 2 && fact[1])
				box.className = "alarm";
			box.append(element("dt", fact[0]),
				element("dd", fact[1]));
			return box;
		}));
		byId("source").textContent = data.source;
	}

	function draw() {
		const matched = found();

		kept = null;
		drawMatrix(matched);
		drawAttempts(matched);
		dimPicture(matched);
	}

	byId("search-form").addEventListener("submit", (event) =>
		event.preventDefault());
	search.addEventListener("input", () => {
		writeHash();
		draw();
	});
	by.addEventListener("change", () => {
		writeHash();
		draw();
	});
	window.addEventListener("hashchange", () => {
		readHash();
		draw();
	});
	document.addEventListener("keydown", (event) => {
		if (event.key === "/" && document.activeElement !== search) {
			event.preventDefault();
			search.focus();
		}
	});
	summarize();
	readHash();
	draw();
})();
