// The review board: shows proposals side by side and sends what is decided to the kernel.
// Text from outside reaches the page through textContent alone.

const ROW = 48;
const FIRST = 200;
const CHUNK = 2000;
const FLUSH_MS = 60;
const BATCH = 200;
const ANSWER_MS = 8000;
const POLL_MS = 5000;
const LONGEST_COMPARED = 300;
const SIDES = { global: "Visma Global", severa: "Visma Severa" };
const BANDS = ["sure", "likely", "possible"];
const STATES = {
  open: "Open", "": "All", same: "Accepted", different: "Rejected", later: "Later", others: "By others",
};
const SAID = {
  same: "accepted", different: "rejected", later: "later",
  global: "Visma Global is right", severa: "Visma Severa is right", leave: "left as they are",
};
const SIGN = { same: "✓", different: "✗", later: "…", global: "◂", severa: "▸", leave: "≠" };
const KEYS = [
  ["a", "accept: the two are the same"], ["r", "reject: they are different"],
  ["l", "later"], ["j ↓", "next"], ["k ↑", "previous"], ["n", "next open one"],
  ["1 – 9", "show that rival in place of its record"], ["u", "undo"],
  ["/", "to the filter"], ["g", "search Visma Global"], ["s", "search Visma Severa"],
  ["y", "write a reason"], ["b", "blind mode"], ["t", "to the differences, and back"], ["?", "these keys"],
  ["Esc", "back to the list"],
];

// --- small helpers ----------------------------------------------------------------------------

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children);
  return node;
}

function options(select, pairs, chosen) {
  select.replaceChildren(...pairs.map(([value, text]) => make("option", { value, text })));
  select.value = pairs.some(([value]) => value === chosen) ? chosen : pairs[0][0];
}

const scored = (card) => (card.score === null ? "" : card.score.toFixed(2));
const strongest = (evidence) => evidence.filter((e) => e[1] === null || e[1] > 0)
  .sort((a, b) => b[1] - a[1]).map((e) => e[0]).join(", ");
const pairOf = (card) => JSON.stringify([card.entity, card.global.key, card.severa.key]);
const endsOf = (card) => ["global", "severa"].map((s) => JSON.stringify([card.entity, s, card[s].key]));
const clock = (at) => (at ? new Date(at).toLocaleString([], { dateStyle: "short", timeStyle: "short" }) : "");
const token = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join("");
const settled = (card) => (card.decision && !card.decision.stale ? card.decision.verdict : "");
const scatter = (at) => Math.imul(at + 1, 2654435761) >>> 0;

// The characters of two texts that the other lacks, by their longest common subsequence.
function compared(a, b) {
  if (a === b) return [[[a, false]], [[b, false]]];
  if (a.length > LONGEST_COMPARED || b.length > LONGEST_COMPARED) return [[[a, true]], [[b, true]]];
  const x = Array.from(a), y = Array.from(b), width = y.length + 1;
  const best = new Uint16Array((x.length + 1) * width);
  for (let i = x.length - 1; i >= 0; i--) {
    for (let j = y.length - 1; j >= 0; j--) {
      best[i * width + j] = x[i] === y[j] ? best[(i + 1) * width + j + 1] + 1
        : Math.max(best[(i + 1) * width + j], best[i * width + j + 1]);
    }
  }
  const left = [], right = [];
  const add = (parts, sign, differs) => {
    if (parts.length && parts[parts.length - 1][1] === differs) parts[parts.length - 1][0] += sign;
    else parts.push([sign, differs]);
  };
  let i = 0, j = 0;
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) {
      add(left, x[i++], false);
      add(right, y[j++], false);
    } else if (j >= y.length || (i < x.length && best[(i + 1) * width + j] >= best[i * width + j + 1])) {
      add(left, x[i++], true);
    } else {
      add(right, y[j++], true);
    }
  }
  return [left, right];
}

function spelled(parts) {
  return parts.filter(([text]) => text).map(([text, differs]) => make(differs ? "mark" : "span", { text }));
}

// --- the board --------------------------------------------------------------------------------

class Board {
  constructor(model, root, page) {
    this.model = model;
    this.root = root;
    this.page = page;
    this.view = token();
    this.cards = [];
    this.byPair = new Map();
    this.accepted = new Map();
    this.order = [];
    this.at = 0;
    this.shown = null;
    this.blind = false;
    this.queue = [];
    this.flying = null;
    this.batch = 0;
    this.newest = 0;
    this.done = [];
    this.sample = null;
    this.evidence = new Map();
    this.answers = (message, buffers) => this.hear(message, buffers);
    this.resized = new ResizeObserver(() => this.paintList());
    this.build();
    model.on("msg:custom", this.answers);
    this.ask({ ask: "open" });
    this.ask({ ask: "cards", from: 0, to: FIRST });
    this.timer = setInterval(() => this.poll(), POLL_MS);
    this.warn = (event) => { if (this.unsaved()) event.preventDefault(); };
    window.addEventListener("beforeunload", this.warn);
  }

  close() {
    this.model.off("msg:custom", this.answers);
    clearInterval(this.timer);
    clearTimeout(this.flushing);
    clearTimeout(this.waiting);
    window.removeEventListener("beforeunload", this.warn);
    this.resized.disconnect();
  }

  get room() { return "proposals"; }
  get label() { return "Proposals"; }
  get keys() { return KEYS; }

  // --- the page ---

  button(name, text, title, keys, press) {
    const node = make("button", { type: "button", text, title, "data-do": name, "aria-keyshortcuts": keys });
    node.addEventListener("click", () => press());
    return node;
  }

  build() {
    const bar = this.buildBar();
    this.space = make("div", { class: "space" });
    this.list = make("div", {
      class: "list", role: "listbox", tabindex: "0", "aria-label": this.label, onscroll: () => this.paintList(),
    }, this.space);
    this.rows = [];
    this.card = this.buildCard();
    this.alerts = make("div", { class: "alerts", role: "alert" });
    this.saving = make("span", { class: "saving", role: "status" });
    this.spoken = make("span", { class: "unseen", "aria-live": "polite" });
    this.heading = make("span", { class: "heading" });
    const foot = make("div", { class: "foot" }, this.heading, this.saving, this.spoken);
    this.root.classList.add("recon-board");
    // JupyterLab's own shortcuts (a, b, d d, …) must not see these keys.
    this.root.setAttribute("data-lm-suppress-shortcuts", "true");
    this.root.setAttribute("role", "application");
    this.root.setAttribute("aria-label", "Review board");
    this.root.append(bar, make("div", { class: "middle" }, this.list, this.card), this.alerts, foot);
    this.root.addEventListener("keydown", (event) => this.key(event));
    this.resized.observe(this.list);
    this.save();
  }

  buildBar() {
    const select = (label, change) => make("select", { "aria-label": label, onchange: change });
    const refilter = () => this.filter();
    this.text = make("input", {
      type: "search", placeholder: "Filter ( / )", "aria-label": "Filter by text", oninput: refilter,
    });
    this.entity = select("Filter by entity", refilter);
    this.band = select("Filter by band", refilter);
    this.proof = select("Filter by evidence", refilter);
    this.state = select("Filter by decision", refilter);
    options(this.state, Object.entries(STATES), "open");
    options(this.band, [["", "All bands"], ...BANDS.map((b) => [b, b])], "");
    this.count = make("span", { class: "count", role: "status" });
    this.blindButton = this.button("blind", "Blind", "Hide score, band and evidence (b)", "b", () => this.toggleBlind());
    this.blindButton.setAttribute("aria-pressed", "false");
    return make("div", { class: "bar", role: "search" }, this.text, this.entity, this.band,
      this.proof, this.state, this.count, this.blindButton,
      this.button("band", "Accept a band…", "Accept a whole band after a sample", "", () => this.startSample()),
      this.button("help", "?", "The keys (?)", "?", () => this.toggleHelp()));
  }

  buildCard() {
    this.title = make("h3", { tabindex: "-1" });
    this.chip = make("span", { class: "chip" });
    this.body = make("tbody");
    this.heads = {};
    const head = (side) => {
      this.heads[side] = make("span", { class: "who" });
      return make("th", { scope: "col" }, make("span", { class: "system", text: SIDES[side] }),
        this.button(`search-${side}`, "Search…", `Search ${SIDES[side]} (${side[0]})`, side[0], () => this.openSearch(side)),
        this.heads[side]);
    };
    const table = make("table", { class: "sides" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, make("span", { class: "system", text: "Field" })),
        head("global"), head("severa"))), this.body);
    this.rivals = make("ol", { class: "rivals", "aria-label": "Rivals" });
    this.proofs = make("div", { class: "evidence", role: "img" });
    this.why = make("input", { class: "why", placeholder: "Reason (y)", title: "Kept with the decision", "aria-label": "Reason, kept with the decision", maxlength: "500" });
    const buttons = make("div", { class: "buttons", role: "toolbar", "aria-label": "Decide" },
      this.button("accept", "Accept", "The two are the same (a)", "a", () => this.decide("same")),
      this.button("reject", "Reject", "They are different (r)", "r", () => this.decide("different")),
      this.button("later", "Later", "Decide later (l)", "l", () => this.decide("later")),
      this.button("undo", "Undo", "Take the last decision back (u)", "u", () => this.undo()),
      this.button("previous", "◂ Previous", "Previous (k)", "k ArrowUp", () => this.move(-1)),
      this.button("next", "Next ▸", "Next (j)", "j ArrowDown", () => this.move(1)), this.why);
    this.extra = make("div", { class: "extra", hidden: true });
    return make("section", { class: "card", "aria-label": "The pair side by side" },
      make("div", { class: "top" }, this.title, this.chip), this.extra,
      make("div", { class: "scroll" }, table, this.rivals, this.proofs), buttons);
  }

  key(event) {
    event.stopPropagation();
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "Escape") {
      this.closeExtra();
      this.list.focus();
      return;
    }
    if (typing) {
      if (event.key === "Enter" && (event.target === this.text || event.target === this.why)) this.list.focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.act(event.key);
    if (act) {
      event.preventDefault();
      act();
    }
  }

  act(key) {
    const acts = {
      a: () => this.decide("same"), r: () => this.decide("different"), l: () => this.decide("later"),
      j: () => this.move(1), ArrowDown: () => this.move(1), k: () => this.move(-1), ArrowUp: () => this.move(-1),
      n: () => this.toOpen(), u: () => this.undo(), "/": () => this.text.focus(), b: () => this.toggleBlind(),
      g: () => this.openSearch("global"), s: () => this.openSearch("severa"), y: () => this.why.focus(),
      "?": () => this.toggleHelp(), PageDown: () => this.move(10), PageUp: () => this.move(-10),
      Home: () => this.go(0), End: () => this.go(this.order.length - 1), t: () => this.page?.turn(),
    };
    return /^[1-9]$/.test(key) ? () => this.rival(Number(key) - 1) : acts[key];
  }

  // --- talking with the kernel ---

  ask(message) {
    try {
      this.model.send({ ...message, view: this.view, room: this.room });
      return true;
    } catch {
      return false;
    }
  }

  hear(message, buffers) {
    if (message.view !== this.view) return;
    const bulk = buffers?.length ? JSON.parse(new TextDecoder().decode(buffers[0])) : null;
    this.heard(message, bulk)[message.tell]?.();
  }

  heard(message, bulk) {
    return {
      open: () => this.opened(message), cards: () => this.arrived(message.from, bulk),
      kept: () => this.kept(message), news: () => this.news(message, bulk),
      found: () => this.found(message), pair: () => message.card && this.show(message.card, -1),
      sample: () => this.sampled(message), band: () => this.banded(message),
      error: () => this.failed(message.text),
    };
  }

  opened(message) {
    this.entities = message.entities;
    this.total = message.total;
    this.newest = message.newest;
    this.who = message.who;
    this.heading.textContent = `${message.heading} · ${message.who}`;
    const titles = Object.entries(message.entities).map(([name, e]) => [name, e.title]);
    options(this.entity, [["", "All entities"], ...titles], "");
    options(this.proof, [["", "All evidence"]], "");
  }

  arrived(start, cards) {
    cards.forEach((card, n) => this.take(card, start + n));
    if (this.cards.length < this.total && cards.length) {
      this.ask({ ask: "cards", from: this.cards.length, to: this.cards.length + CHUNK });
    }
    this.filter(this.shown && this.index >= 0 ? this.index : undefined);
  }

  take(card, at) {
    const words = [card.global.number, card.global.name, card.severa.name, ...card.global.values, ...card.severa.values];
    card.hay = words.join("\n").toLowerCase();
    card.proofs = new Set(card.evidence.map((e) => e[0]));
    card.because = strongest(card.evidence);
    for (const proof of card.proofs) this.evidence.set(proof, (this.evidence.get(proof) ?? 0) + 1);
    this.cards[at] = card;
    this.byPair.set(this.nameOf(card), at);
    this.note(card);
  }

  nameOf(card) { return pairOf(card); }

  // Which records have a partner by now, so that the cards of their rivals are passed over.
  note(card) {
    for (const end of endsOf(card)) {
      if (settled(card) === "same") this.accepted.set(end, pairOf(card));
      else if (this.accepted.get(end) === pairOf(card)) this.accepted.delete(end);
    }
  }

  isOpen(card) {
    return !settled(card) && !endsOf(card).some((end) => this.accepted.has(end));
  }

  // --- the list ---

  fits(card, wanted) {
    const said = settled(card);
    if (wanted.entity && card.entity !== wanted.entity) return false;
    if (wanted.band && card.band !== wanted.band) return false;
    if (wanted.proof && !card.proofs.has(wanted.proof)) return false;
    if (wanted.state === "open" && !this.isOpen(card)) return false;
    if (wanted.state === "others" && !(card.decision && card.decision.who !== this.who)) return false;
    if (SAID[wanted.state] && said !== wanted.state) return false;
    return wanted.words.every((word) => card.hay.includes(word));
  }

  words() { return this.text.value.toLowerCase().split(/\s+/).filter(Boolean); }

  sought() {
    return {
      entity: this.entity.value, band: this.blind ? "" : this.band.value, proof: this.blind ? "" : this.proof.value,
      state: this.state.value, words: this.words(),
    };
  }

  filter(keep) {
    const wanted = this.sought();
    this.order = [];
    if (this.sample) this.order = this.sample.cards.filter((at) => this.cards[at]);
    else this.cards.forEach((card, at) => { if (at === keep || this.fits(card, wanted)) this.order.push(at); });
    if (this.blind) this.order.sort((a, b) => scatter(a) - scatter(b));
    const total = this.total ?? 0, loaded = this.cards.length;
    const loading = loaded < total ? `, ${loaded.toLocaleString("en")} read` : "";
    this.count.textContent = `${this.order.length.toLocaleString("en")} of ${total.toLocaleString("en")}${loading}`;
    this.proofOptions();
    this.space.style.height = `${this.order.length * ROW}px`;
    const place = keep === undefined ? 0 : Math.max(0, this.order.indexOf(keep));
    this.rows.forEach((row) => { row.dataset.at = ""; });
    this.go(place, keep !== undefined);
  }

  proofOptions() {
    if (this.proof.options.length === Math.min(this.evidence.size, 60) + 1) return;
    const most = [...this.evidence].sort((a, b) => b[1] - a[1]).slice(0, 60);
    options(this.proof, [["", "All evidence"], ...most.map(([name]) => [name, name])], this.proof.value);
  }

  go(place, still) {
    if (!this.order.length) {
      this.at = 0;
      this.show(null, -1);
      this.paintList();
      return;
    }
    this.at = Math.min(Math.max(place, 0), this.order.length - 1);
    const top = this.at * ROW, view = this.list;
    if (top < view.scrollTop) view.scrollTop = top;
    else if (top + ROW > view.scrollTop + view.clientHeight) view.scrollTop = top + ROW - view.clientHeight;
    const index = this.order[this.at];
    if (!still || this.index !== index) this.show(this.cards[index], index);
    this.paintList();
  }

  move(by) { this.go(this.at + by); }

  toOpen() {
    for (let n = 1; n <= this.order.length; n++) {
      const place = (this.at + n) % this.order.length;
      if (this.isOpen(this.cards[this.order[place]])) {
        this.go(place);
        return;
      }
    }
    this.go(this.at);
  }

  paintList() {
    const first = Math.max(0, Math.floor(this.list.scrollTop / ROW) - 2);
    const many = Math.ceil((this.list.clientHeight || 480) / ROW) + 5;
    while (this.rows.length < many) this.rows.push(this.row());
    this.rows.forEach((row, n) => {
      const place = first + ((n - (first % this.rows.length) + this.rows.length) % this.rows.length);
      const index = this.order[place];
      row.hidden = index === undefined;
      if (index !== undefined) this.paintRow(row, place, index);
    });
  }

  row() {
    const row = make("div", { class: "row", role: "option" });
    row.parts = { names: make("span", { class: "names" }), score: make("span", { class: "score" }),
      more: make("span", { class: "more" }), sign: make("span", { class: "sign" }) };
    row.append(row.parts.sign, row.parts.names, row.parts.score, row.parts.more);
    row.addEventListener("click", () => {
      this.go(Number(row.dataset.place));
      this.list.focus();
    });
    this.space.append(row);
    return row;
  }

  paintRow(row, place, index) {
    const card = this.cards[index], chosen = place === this.at;
    const stamp = `${index} ${place} ${chosen} ${this.blind} ${card.pending ?? ""} ${settled(card)} ${this.isOpen(card)}`;
    if (row.dataset.at === stamp) return;
    row.dataset.at = stamp;
    row.dataset.place = place;
    row.id = `${this.view}-${place}`;
    row.style.transform = `translateY(${place * ROW}px)`;
    row.setAttribute("aria-selected", chosen);
    row.setAttribute("aria-posinset", place + 1);
    row.setAttribute("aria-setsize", this.order.length);
    row.dataset.state = settled(card) || (this.isOpen(card) ? "" : "passed");
    row.parts.sign.textContent = card.pending ? "○" : SIGN[settled(card)] ?? (this.isOpen(card) ? "" : "–");
    row.parts.names.textContent = card.global.name === card.severa.name ? card.global.name
      : `${card.global.name} ↔ ${card.severa.name}`;
    row.parts.score.textContent = this.blind ? "" : scored(card);
    row.parts.score.dataset.band = this.blind || card.score === null ? "" : card.band;
    const kind = this.entities[card.entity].title;
    row.parts.more.textContent = [kind, this.blind ? "" : card.because].filter(Boolean).join(" · ");
    if (chosen) this.list.setAttribute("aria-activedescendant", row.id);
  }

  // --- the card ---

  show(card, index) {
    this.shown = card;
    this.index = index;
    if (!card) {
      this.title.textContent = this.total === undefined ? "Reading…" : "Nothing to show: change the filter";
      this.body.replaceChildren();
      this.rivals.replaceChildren();
      this.proofs.replaceChildren();
      this.paintChip();
      for (const head of Object.values(this.heads)) head.textContent = "";
      return;
    }
    const { title, rows } = this.entities[card.entity];
    this.title.textContent = index < 0 ? `${title}: put together by hand` : title;
    for (const side of Object.keys(SIDES)) {
      this.heads[side].textContent = [card[side].number, card[side].name].filter(Boolean).join("  ");
    }
    this.body.replaceChildren(...rows.map((name, n) => this.field(card, name, n)).filter(Boolean));
    this.rivals.replaceChildren(...card.rivals.map((rival, n) => this.rivalRow(rival, n)));
    this.rivals.hidden = !card.rivals.length;
    this.paintEvidence(card);
    this.paintChip();
  }

  field(card, name, n) {
    const sign = card.marks[n];
    if (sign === "-") return null;
    const [left, right] = compared(card.global.values[n], card.severa.values[n]);
    const words = { "=": "same", x: "differs", g: "only in Global", s: "only in Severa" };
    return make("tr", { "data-sign": sign },
      make("th", { scope: "row", text: name }, make("span", { class: "unseen", text: ` (${words[sign]})` })),
      make("td", {}, ...spelled(left)), make("td", {}, ...spelled(right)));
  }

  rivalRow([side, , number, name], n) {
    const text = `${n + 1}  ${[number, name].filter(Boolean).join("  ")}`;
    return make("li", {}, make("button", { type: "button", text, title: `Rival in ${SIDES[side]}: show it (${n + 1})`,
      "aria-keyshortcuts": String(n + 1), onclick: () => this.rival(n) }, make("small", { text: ` ${SIDES[side]}` })));
  }

  rival(n) {
    const rival = this.shown?.rivals[n];
    if (rival) this.pairWith(rival[0], rival[1]);
  }

  pairWith(side, key) {
    const card = this.shown;
    const pair = { entity: card.entity, global: card.global.key, severa: card.severa.key, [side]: key };
    const known = this.byPair.get(JSON.stringify([pair.entity, pair.global, pair.severa]));
    if (known === undefined) this.ask({ ask: "pair", ...pair });
    else this.show(this.cards[known], known);
    this.spoken.textContent = "Another pair is shown; accept or reject it, or Escape";
  }

  // Bars from left to right: what each piece of evidence adds or takes, and where that leads.
  paintEvidence(card) {
    this.proofs.replaceChildren();
    this.proofs.hidden = this.blind || card.score === null;
    if (this.proofs.hidden) return;
    const weighed = card.evidence.some((e) => e[1] !== null);
    const step = card.score / Math.max(card.evidence.length, 1);
    let at = 0, low = 0, high = weighed ? 0 : 1;
    const bars = card.evidence.map(([text, bits]) => {
      const by = bits ?? step, from = at;
      at += by;
      low = Math.min(low, at);
      high = Math.max(high, at);
      return { text, by, from, to: at };
    });
    const width = high - low || 1, percent = (value) => `${((value - low) / width) * 100}%`;
    for (const bar of bars) {
      const fill = make("span", { class: bar.by < 0 ? "against" : "for" });
      fill.style.left = percent(Math.min(bar.from, bar.to));
      fill.style.width = `${(Math.abs(bar.by) / width) * 100}%`;
      const weight = weighed ? `${bar.by > 0 ? "+" : ""}${bar.by.toFixed(1)}` : "";
      this.proofs.append(make("div", { class: "proof" }, make("span", { class: "words", text: bar.text, title: bar.text }),
        make("span", { class: "track" }, fill), make("span", { class: "weight", text: weight })));
    }
    const end = make("span", { class: "total" });
    end.style.left = percent(Math.min(0, at));
    end.style.width = `${(Math.abs(at) / width) * 100}%`;
    this.proofs.append(make("div", { class: "proof" },
      make("strong", { class: "words", text: `Score ${scored(card)}, ${card.band}` }),
      make("span", { class: "track" }, end), make("span", { class: "weight", text: weighed ? at.toFixed(1) : "" })));
    const told = bars.map((bar) => `${bar.text}${weighed ? ` ${bar.by.toFixed(1)}` : ""}`).join("; ");
    this.proofs.setAttribute("aria-label", `Evidence: ${told}. Score ${scored(card)}, ${card.band}`);
  }

  paintChip() {
    const card = this.shown, found = card?.decision;
    let text = "";
    if (card && found) {
      text = `${SAID[found.verdict]} · ${found.who} · ${clock(found.at)}${found.why ? ` · ${found.why}` : ""}`;
      if (found.stale) text = `asked again, the data changed since: ${text}`;
    } else if (card && !this.isOpen(card)) text = "one of the two has another partner";
    if (card?.pending) text = `${text} · not confirmed yet`;
    this.chip.textContent = text;
    this.chip.dataset.state = card ? settled(card) : "";
  }

  repaint(card) {
    this.note(card);
    if (card === this.shown) this.paintChip();
    this.paintList();
  }

  // --- deciding ---

  decide(verdict) {
    const card = this.shown;
    if (!card) return;
    this.say(card, verdict, this.why.value.trim());
    this.why.value = "";
    this.spoken.textContent = `${SAID[verdict]}: ${card.global.name}`;
    if (this.sample) this.tellSample();
    this.toOpen();
  }

  say(card, verdict, why, undoing) {
    const before = card.decision;
    if (!undoing) this.done.push({ card, before });
    const item = {
      token: token(), entity: card.entity, field: card.field, global: card.global.key, severa: card.severa.key,
      verdict, why, knew: before?.id ?? card.knew ?? 0, blind: this.blind,
    };
    card.decision = verdict === "open" ? null : { id: item.knew, verdict, who: this.who, at: "", why };
    card.pending = (card.pending ?? 0) + 1;
    this.queue.push({ item, card, before });
    this.repaint(card);
    this.save();
    this.later();
  }

  undo() {
    const last = this.done.pop();
    const card = last?.card ?? (this.shown?.decision ? this.shown : null);
    if (!card) return;
    const before = last?.before?.stale ? null : last?.before;
    this.say(card, before?.verdict ?? "open", "taken back", true);
    const index = this.byPair.get(this.nameOf(card));
    const place = index === undefined ? -1 : this.order.indexOf(index);
    if (place >= 0) this.go(place);
    else this.show(card, index ?? -1);
    this.spoken.textContent = `Taken back: ${card.global.name}`;
    if (this.sample) this.tellSample();
  }

  later() {
    if (!this.flushing && !this.flying) this.flushing = setTimeout(() => this.flush(), FLUSH_MS);
  }

  flush() {
    this.flushing = 0;
    if (!this.flying) {
      if (!this.queue.length) return;
      this.flying = { batch: ++this.batch, entries: this.queue.splice(0, BATCH) };
    }
    const items = this.flying.entries.map((entry) => entry.item);
    const sent = this.ask({ ask: "decide", batch: this.flying.batch, items });
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.silent(), sent ? ANSWER_MS : 0);
  }

  kept(message) {
    if (message.batch !== this.flying?.batch) return;
    clearTimeout(this.waiting);
    const entries = this.flying.entries;
    this.flying = null;
    this.unheard = false;
    message.items.forEach((told, n) => this.settle(entries[n], told));
    this.save();
    if (this.queue.length) this.later();
    else if (this.sample) this.tellSample();
  }

  settle({ card, before }, told) {
    card.pending -= 1;
    const said = told.decision;
    card.knew = Math.max(card.knew ?? 0, told.state === "taken" ? 0 : said?.id ?? 0);
    if (told.state === "kept") {
      if (!card.pending) card.decision = said.verdict === "open" ? null : said;
    } else if (told.state === "overtaken") {
      card.decision = said.verdict === "open" ? null : said;
      this.alert(`${said.who} meanwhile ${SAID[said.verdict] ?? "took back"}: ${card.global.name}. Yours is not kept; decide again to overrule.`, card);
    } else {
      card.decision = before ?? null;
      this.alert(`Not kept: ${card.global.name}. ${told.text}`, card);
    }
    this.done = told.state === "kept" ? this.done : this.done.filter((one) => one.card !== card);
    this.repaint(card);
  }

  silent() {
    this.unheard = true;
    this.save();
  }

  unsaved() { return this.queue.length + (this.flying?.entries.length ?? 0); }

  save() {
    const many = this.unsaved();
    this.saving.dataset.state = this.unheard ? "bad" : many ? "busy" : "good";
    if (!this.unheard) {
      this.saving.textContent = many ? `${many} not saved yet` : "All saved";
      return;
    }
    this.saving.textContent = `${many} not saved: no answer. If the kernel was restarted, run the cell again. `;
    this.saving.append(make("button", { type: "button", text: "Send again", onclick: () => this.flush() }));
  }

  alert(text, card) {
    const box = make("div", { class: "alert" }, make("span", { text }));
    const gone = () => { box.remove(); this.list.focus(); };
    if (card) box.append(make("button", { type: "button", text: "Show", onclick: () => { this.reveal(card); gone(); } }));
    box.append(make("button", { type: "button", text: "Dismiss", onclick: gone }));
    this.alerts.append(box);
    while (this.alerts.children.length > 4) this.alerts.firstChild.remove();
  }

  reveal(card) {
    const index = this.byPair.get(this.nameOf(card)) ?? -1, place = this.order.indexOf(index);
    if (place >= 0) this.go(place);
    else this.show(card, index);
  }

  failed(text) {
    this.alert(text);
    if (this.flying) this.silent();
  }

  poll() {
    if (!this.entities || document.hidden || this.unsaved() || !this.root.isConnected) return;
    this.ask({ ask: "news", since: this.newest });
  }

  news(message, items) {
    this.newest = message.newest;
    for (const [entity, global, severa, said] of items) {
      const card = this.cards[this.byPair.get(JSON.stringify([entity, global, severa]))];
      if (!card || card.pending) continue;
      card.decision = said.verdict === "open" ? null : said;
      card.knew = said.id;
      this.note(card);
    }
    if (items.length) {
      this.rows.forEach((row) => { row.dataset.at = ""; });
      this.paintList();
      this.paintChip();
    }
  }

  // --- search, sample, help, blind ---

  openSearch(side) {
    const card = this.shown;
    if (!card) return;
    this.hits = make("ul", { class: "hits", "aria-label": "Found" });
    const input = make("input", { type: "search", "aria-label": `Search ${SIDES[side]}`,
      placeholder: `Words in ${SIDES[side]}`, oninput: () => {
        clearTimeout(this.searching);
        this.searching = setTimeout(() => this.ask({ ask: "search", entity: card.entity, side, text: input.value }), 150);
      } });
    this.open(`Search ${SIDES[side]} for what is linked to nothing`, input, this.hits);
    input.focus();
    this.ask({ ask: "search", entity: card.entity, side, text: "" });
  }

  found(message) {
    const rows = message.records.map((record) => {
      const text = [record.number, record.name].filter(Boolean).join("  ");
      const more = record.values.slice(1).filter((v) => v && v !== record.name).slice(0, 4).join(" · ");
      return make("li", {}, make("button", { type: "button", text, onclick: () => {
        this.closeExtra();
        this.pairWith(message.side, record.key);
        this.list.focus();
      } }, make("small", { text: ` ${more}` })));
    });
    this.hits?.replaceChildren(...(rows.length ? rows : [make("li", { text: "Nothing found" })]));
  }

  open(heading, ...children) {
    this.extra.replaceChildren(make("div", { class: "headed" }, make("strong", { text: heading }),
      make("button", { type: "button", text: "Close (Esc)", onclick: () => { this.closeExtra(); this.list.focus(); } })), ...children);
    this.extra.hidden = false;
  }

  closeExtra() {
    this.extra.hidden = true;
    this.extra.replaceChildren();
    if (this.sample) {
      this.sample = null;
      this.filter();
    } else if (this.order.length && this.index !== this.order[this.at]) this.go(this.at);
  }

  toggleHelp() {
    if (!this.extra.hidden) {
      this.closeExtra();
      return;
    }
    const list = make("dl", { class: "keys" });
    for (const [keys, words] of this.keys) list.append(make("dt", { text: keys }), make("dd", { text: words }));
    this.open("Keys", list);
  }

  startSample() {
    const card = this.shown;
    if (!card || this.blind) {
      this.alert(this.blind ? "Leave blind mode first: a band is a score." : "Choose a band first.");
      return;
    }
    const entity = this.entity.value || card.entity, band = this.band.value || card.band;
    this.ask({ ask: "sample", entity, band });
    this.wanted = { entity, band };
  }

  sampled(message) {
    this.sample = { ...this.wanted, cards: message.cards, all: message.all };
    if (message.cards.some((at) => !this.cards[at])) {
      this.sample = null;
      this.alert("The proposals are still being read; try again in a moment.");
      return;
    }
    this.filter();
    this.tellSample();
    this.list.focus();
  }

  tellSample() {
    const { entity, band, cards, all } = this.sample;
    const said = cards.map((at) => (this.cards[at].pending ? "" : settled(this.cards[at])));
    const fine = said.filter((one) => one === "same").length, bad = said.includes("different");
    const rest = all - fine, ready = cards.length && fine === cards.length;
    const accept = make("button", { type: "button", "data-do": "accept-band", disabled: !ready,
      text: `Accept the other ${rest.toLocaleString("en")}`,
      onclick: () => { accept.disabled = true; this.ask({ ask: "band", entity, band }); } });
    const words = bad ? "A pair of the sample is not the same: decide one by one, or close this and draw another sample."
      : `Look at these ${cards.length} and accept each (a): ${fine} done. Pairs with rivals stay open.`;
    this.open(`Band "${band}" of ${this.entities[entity].title}: ${all.toLocaleString("en")} open without rivals`,
      make("p", { text: cards.length ? words : "Nothing is open here." }), accept);
  }

  banded(message) {
    this.sample = null;
    this.extra.hidden = true;
    this.alert(`${message.kept.toLocaleString("en")} pairs accepted${message.left ? `, ${message.left} left open` : ""}.`);
    this.ask({ ask: "news", since: this.newest });
    setTimeout(() => this.filter(), 300);
  }

  toggleBlind() {
    this.blind = !this.blind;
    this.blindButton.setAttribute("aria-pressed", this.blind);
    this.root.toggleAttribute("data-blind", this.blind);
    this.band.disabled = this.proof.disabled = this.blind;
    this.filter(this.index >= 0 ? this.index : undefined);
    if (this.shown) this.paintEvidence(this.shown);
    this.list.focus();
  }
}
