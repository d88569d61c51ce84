"use strict";
(() => {
  const one = (selector, from = document) => from.querySelector(selector);
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const events = all("table.events tbody");
  const own = new Map(events.flatMap((body) => [...body.rows]).map((row) => [row.id.slice(2), row]));
  const home = events.map((body) => [body, [...body.rows]]);

  // Filters: type, standing, speaker, text.
  const form = one(".filters");
  const asked = { t: one("#f-type"), s: one("#f-standing"), w: one("#f-speaker") };
  const fits = (row, text) =>
    Object.entries(asked).every(([name, box]) => !box || !box.value || row.dataset[name] === box.value) &&
    (!text || row.textContent.toLowerCase().includes(text));
  const filter = () => {
    const text = one("#f-text").value.trim().toLowerCase();
    let shown = 0;
    let there = 0;
    for (const body of events) {
      for (const row of body.rows) {
        row.hidden = !fits(row, text);
        shown += row.hidden ? 0 : 1;
        there += 1;
      }
    }
    one("#f-count").textContent = `${shown} of ${there} events shown`;
  };
  if (form) {
    form.hidden = false;
    form.addEventListener("input", filter);
    form.addEventListener("submit", (done) => done.preventDefault());
    form.addEventListener("reset", () => setTimeout(filter));
    filter();
  }

  // The record as it stood: rows and key answers at each stop, from the data in the page.
  const held = one("#replay");
  const slider = one("#stop");
  if (held && slider && events.length) {
    const data = JSON.parse(held.textContent);
    const made = new Map();
    const lines = (cell, [text, small], notes) => {
      cell.replaceChildren(text);
      for (const [words, kind] of [[small, ""], ...notes.map((note) => [note, "q"])]) {
        if (words) {
          const under = document.createElement("small");
          under.className = kind;
          under.textContent = words;
          cell.append(under);
        }
      }
    };
    const row_of = (id, cells) => {
      if (!cells) return own.get(id);
      const key = id + "\n" + JSON.stringify(cells);
      if (!made.has(key)) {
        const row = document.createElement("tr");
        row.id = "e-" + id;
        for (const n of [0, 1, 2, 3, 4, 5]) lines(row.insertCell(), cells[0][n], n === 2 ? cells[1] : []);
        row.cells[0].className = "n";
        const standing = document.createElement("span");
        standing.className = "st";
        standing.textContent = cells[0][4][0];
        row.cells[4].replaceChildren(standing);
        const base = own.get(id);
        const facts = base ? base.dataset : { w: cells[0][3][0].split(", as reported by ")[0] };
        Object.assign(row.dataset, { t: cells[0][2][0].split(":")[0], s: cells[0][4][0], w: facts.w });
        made.set(key, row);
      }
      return made.get(key);
    };
    const stand = () => {
      const at = Number(slider.value);
      const last = at === data.stops.length - 1;
      const stop = data.stops[at];
      const words = `position ${stop.p}, recorded ${stop.t.slice(0, 16).replace("T", " ")} UTC: ${stop.n} events` + (last ? ", as reported" : "");
      one("#stop-said").textContent = words;
      slider.setAttribute("aria-valuetext", words);
      document.body.classList.toggle("stood", !last);
      for (const then of all(".then")) {
        then.hidden = last;
        then.textContent = `At position ${stop.p}: ${stop.a[then.dataset.key]}`;
      }
      if (last) {
        for (const [body, rows] of home) body.replaceChildren(...rows);
      } else {
        const order = stop.o || data.rows.keys();
        const rows = [];
        for (const n of order) {
          const [id, states] = data.rows[n];
          const state = states.find(([from, to]) => from <= at && at <= to);
          if (state) rows.push(row_of(id, state[2]));
        }
        for (const [body] of home) body.replaceChildren();
        events[0].replaceChildren(...rows);
      }
      if (form) filter();
    };
    one("#stood").hidden = false;
    slider.addEventListener("input", stand);
    slider.value = slider.max;
    stand();
  }

  // What an event says, shown beside each mention of it: on hover, and on keyboard focus. Escape puts it away.
  const card = one("#card");
  const row_at = (mark) => document.getElementById(mark.dataset.row || decodeURIComponent(mark.hash.slice(1)));
  let about = null;
  const put_away = () => {
    if (about) about.removeAttribute("aria-describedby");
    about = null;
    card.hidden = true;
    for (const row of all("tr.lit")) row.classList.remove("lit");
  };
  const show = (mark) => {
    const row = row_at(mark);
    if (!row || row.contains(mark)) return;
    put_away();
    about = mark;
    row.classList.add("lit");
    const said = [...row.cells].map((cell) => cell.innerText.trim()).filter(Boolean);
    card.replaceChildren(...said.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    card.hidden = false;
    mark.setAttribute("aria-describedby", "card");
    const at = mark.getBoundingClientRect();
    const wide = card.offsetWidth;
    const high = card.offsetHeight;
    const below = at.bottom + 8 + high < innerHeight;
    card.style.left = Math.max(8, Math.min(at.left, innerWidth - wide - 8)) + "px";
    card.style.top = Math.max(8, below ? at.bottom + 8 : at.top - high - 8) + "px";
  };
  const marks = "a.ref, .hit";
  for (const [kind, take] of [["mouseover", show], ["focusin", show]]) {
    document.addEventListener(kind, (seen) => {
      const mark = seen.target.closest && seen.target.closest(marks);
      if (mark) take(mark);
    });
  }
  document.addEventListener("mouseout", (seen) => {
    if (about && !card.contains(seen.relatedTarget) && !about.contains(seen.relatedTarget)) put_away();
  });
  document.addEventListener("focusout", put_away);
  document.addEventListener("keydown", (key) => {
    if (key.key === "Escape") put_away();
  });
  document.addEventListener("click", (hit) => {
    const mark = hit.target.closest && hit.target.closest(".hit");
    if (mark && row_at(mark)) location.hash = mark.dataset.row;
  });
})();
