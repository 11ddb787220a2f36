// --- differences ------------------------------------------------------------------------------
// The same board for fields that differ in linked pairs: which system is right.

const RULED = {
  open: "Open", "": "All", decided: "Decided", rule: "By rule", global: "Visma Global right",
  severa: "Visma Severa right", leave: "Left", others: "By others",
};
const RULED_KEYS = [
  ["1 ←", "Visma Global is right"], ["2 →", "Visma Severa is right"], ["l", "leave both as they are"],
  ["j ↓", "next"], ["k ↑", "previous"], ["n", "next open one"], ["f", "decide for all of this field"],
  ["u", "undo"], ["/", "to the filter"], ["y", "write a reason"], ["t", "to the proposals, and back"],
  ["?", "these keys"], ["Esc", "back to the list"],
];

class Differences extends Board {
  get room() { return "differences"; }
  get label() { return "Differences"; }
  get keys() { return RULED_KEYS; }

  buildBar() {
    const select = (label, change) => make("select", { "aria-label": label, onchange: change });
    const refilter = () => this.filter();
    this.text = make("input", {
      type: "search", placeholder: "Filter ( / )", "aria-label": "Filter by text", oninput: refilter,
    });
    this.entity = select("Filter by entity", () => { this.fieldOptions(); this.filter(); });
    this.fields = select("Filter by field", refilter);
    this.state = select("Filter by decision", refilter);
    options(this.state, Object.entries(RULED), "open");
    this.count = make("span", { class: "count", role: "status" });
    return make("div", { class: "bar", role: "search" }, this.text, this.entity, this.fields,
      this.state, this.count, this.button("help", "?", "The keys (?)", "?", () => this.toggleHelp()));
  }

  buildCard() {
    this.title = make("h3", { tabindex: "-1" });
    this.chip = make("span", { class: "chip" });
    this.body = make("tbody");
    this.heads = {};
    const head = (side) => {
      this.heads[side] = make("span", { class: "who" });
      return make("th", { scope: "col" }, make("span", { class: "system", text: SIDES[side] }), this.heads[side]);
    };
    const table = make("table", { class: "sides" },
      make("thead", {}, make("tr", {}, make("th", { scope: "col" }, make("span", { class: "system", text: "Field" })),
        head("global"), head("severa"))), this.body);
    this.facts = make("dl", { class: "facts" });
    this.why = make("input", { class: "why", placeholder: "Reason (y)", title: "Kept with the decision", "aria-label": "Reason, kept with the decision", maxlength: "500" });
    this.rights = {
      global: this.button("global", "◂ Global is right", "Visma Global is right (1)", "1 ArrowLeft", () => this.decide("global")),
      severa: this.button("severa", "Severa is right ▸", "Visma Severa is right (2)", "2 ArrowRight", () => this.decide("severa")),
    };
    const buttons = make("div", { class: "buttons", role: "toolbar", "aria-label": "Decide" },
      this.rights.global, this.rights.severa,
      this.button("leave", "Leave", "Leave both as they are (l)", "l", () => this.decide("leave")),
      this.button("undo", "Undo", "Take the last decision back (u)", "u", () => this.undo()),
      this.button("previous", "◂ Previous", "Previous (k)", "k ArrowUp", () => this.move(-1)),
      this.button("next", "Next ▸", "Next (j)", "j ArrowDown", () => this.move(1)),
      this.button("field", "All of this field…", "Decide for all of this field (f)", "f", () => this.startField()), this.why);
    this.extra = make("div", { class: "extra", hidden: true });
    return make("section", { class: "card", "aria-label": "The two values side by side" },
      make("div", { class: "top" }, this.title, this.chip), this.extra,
      make("div", { class: "scroll" }, table, this.facts), buttons);
  }

  act(key) {
    return {
      1: () => this.decide("global"), ArrowLeft: () => this.decide("global"),
      2: () => this.decide("severa"), ArrowRight: () => this.decide("severa"), l: () => this.decide("leave"),
      j: () => this.move(1), ArrowDown: () => this.move(1), k: () => this.move(-1), ArrowUp: () => this.move(-1),
      n: () => this.toOpen(), u: () => this.undo(), "/": () => this.text.focus(), y: () => this.why.focus(),
      f: () => this.startField(), "?": () => this.toggleHelp(), t: () => this.page?.turn(),
      PageDown: () => this.move(10), PageUp: () => this.move(-10), Home: () => this.go(0),
      End: () => this.go(this.order.length - 1),
    }[key];
  }

  heard(message, bulk) {
    return {
      ...super.heard(message, bulk), news: () => this.told(message, bulk),
      field: () => this.fielded(message), all: () => this.decidedAll(message, bulk),
    };
  }

  // --- the list ---

  opened(message) {
    this.entities = message.entities;
    this.total = message.total;
    this.newest = message.newest;
    this.who = message.who;
    this.heading.textContent = `${message.heading} · ${message.who}`;
    const titles = Object.entries(message.entities).map(([name, e]) => [name, e.title]);
    options(this.entity, [["", "All entities"], ...titles], "");
    this.fieldOptions();
    if (!this.total) this.show(null, -1);
  }

  fieldOptions() {
    const chosen = Object.entries(this.entities).filter(([name]) => !this.entity.value || name === this.entity.value);
    const found = chosen.flatMap(([name, e]) => Object.entries(e.fields)
      .map(([field, title]) => [`${name}.${field}`, chosen.length > 1 ? `${e.title}: ${title}` : title]));
    options(this.fields, [["", "All fields"], ...found], this.fields.value);
  }

  nameOf(card) { return JSON.stringify([card.entity, card.field, card.global.key, card.severa.key]); }

  take(card, at) {
    const { global, severa } = card;
    card.hay = [card.title, global.number, global.name, global.value, severa.number, severa.name, severa.value]
      .join("\n").toLowerCase();
    this.cards[at] = card;
    this.byPair.set(this.nameOf(card), at);
  }

  note() {}
  proofOptions() {}
  isOpen(card) { return card.state === "open"; }

  sought() {
    return { entity: this.entity.value, field: this.fields.value, state: this.state.value, words: this.words() };
  }

  fits(card, wanted) {
    const own = card.decision && !card.decision.stale ? card.decision : null;
    if (wanted.entity && card.entity !== wanted.entity) return false;
    if (wanted.field && `${card.entity}.${card.field}` !== wanted.field) return false;
    if (["open", "decided", "rule"].includes(wanted.state) && card.state !== wanted.state) return false;
    if (["global", "severa", "leave"].includes(wanted.state) && own?.verdict !== wanted.state) return false;
    if (wanted.state === "others" && !(card.decision && card.decision.who !== this.who)) return false;
    return wanted.words.every((word) => card.hay.includes(word));
  }

  sign(card) {
    if (card.pending) return "○";
    if (card.state === "open") return "";
    const own = card.decision && !card.decision.stale;
    return own ? SIGN[card.decision.verdict] : { global: "▸", severa: "◂", "": "≠" }[card.target];
  }

  paintRow(row, place, index) {
    const card = this.cards[index], chosen = place === this.at;
    const stamp = `${index} ${place} ${chosen} ${card.pending ?? ""} ${card.state} ${card.target} ${card.decision?.id ?? ""}`;
    if (row.dataset.at === stamp) return;
    row.dataset.at = stamp;
    row.dataset.place = place;
    row.id = `${this.view}-${place}`;
    row.style.transform = `translateY(${place * ROW}px)`;
    row.setAttribute("aria-selected", chosen);
    row.setAttribute("aria-posinset", place + 1);
    row.setAttribute("aria-setsize", this.order.length);
    row.dataset.state = card.state === "open" ? "" : card.state;
    row.parts.sign.textContent = this.sign(card);
    row.parts.names.textContent = [card.global.number, card.global.name].filter(Boolean).join("  ");
    row.parts.score.textContent = card.title;
    row.parts.more.textContent = `${card.global.value || "(empty)"} ≠ ${card.severa.value || "(empty)"}`;
    if (chosen) this.list.setAttribute("aria-activedescendant", row.id);
  }

  // --- the card ---

  show(card, index) {
    this.shown = card;
    this.index = index;
    this.body.replaceChildren();
    this.facts.replaceChildren();
    if (!card) {
      const none = this.total ? "Nothing to show: change the filter" : "No linked pair differs";
      this.title.textContent = this.total === undefined ? "Reading…" : none;
      for (const head of Object.values(this.heads)) head.textContent = "";
    } else {
      this.title.textContent = `${this.entities[card.entity].title}: ${card.title}`;
      for (const side of Object.keys(SIDES)) {
        this.heads[side].textContent = [card[side].number, card[side].name].filter(Boolean).join("  ");
      }
      const [left, right] = compared(card.global.value, card.severa.value);
      const value = (parts) => make("td", {}, ...(parts.some(([text]) => text) ? spelled(parts) : [make("em", { text: "(empty)" })]));
      this.body.append(make("tr", { "data-sign": "x" }, make("th", { scope: "row", text: card.title }), value(left), value(right)));
      this.paintFacts(card);
    }
    this.paintChip();
  }

  paintFacts(card) {
    const facts = [["Owner", SIDES[card.lead]], ["The onboarding", card.pending ? "…" : this.deed(card)]];
    const cannot = Object.entries(card.cannot).filter(([, text]) => text);
    for (const [side, text] of cannot) facts.push([`Not ${SIDES[side]}`, text]);
    this.facts.replaceChildren(...facts.flatMap(([name, text]) => [make("dt", { text: name }), make("dd", { text })]));
    for (const [side, node] of Object.entries(this.rights)) node.disabled = Boolean(card.cannot[side]);
  }

  deed(card) {
    return card.target ? `writes ${SIDES[card.target]}: ${card.text}` : `writes nothing: ${card.text}`;
  }

  paintChip() {
    const card = this.shown, found = card?.decision;
    let text = "";
    if (found) {
      text = `${SAID[found.verdict]} · ${found.who} · ${clock(found.at)}${found.why ? ` · ${found.why}` : ""}`;
      if (found.stale) text = `asked again, a value changed since: ${text}`;
    }
    if (card?.pending) text = `${text} · not confirmed yet`;
    this.chip.textContent = text;
    this.chip.dataset.state = card && card.state === "decided" ? "same" : "";
  }

  repaint(card) {
    if (card === this.shown) {
      this.paintChip();
      this.paintFacts(card);
    }
    this.paintList();
  }

  // --- deciding ---

  decide(verdict) {
    const card = this.shown;
    if (!card) return;
    if (card.cannot[verdict]) {
      this.alert(card.cannot[verdict]);
      return;
    }
    super.decide(verdict);
  }

  say(card, verdict, why, undoing) {
    card.kept ??= { state: card.state, text: card.text, target: card.target, decision: card.decision };
    card.state = verdict === "open" ? "open" : "decided";
    super.say(card, verdict, why, undoing);
  }

  settle({ card }, told) {
    card.pending -= 1;
    if (told.state === "refused") Object.assign(card, card.kept);
    else if (!card.pending || told.state === "overtaken") Object.assign(card, told.now);
    if (!card.pending) delete card.kept;
    if (told.state === "overtaken") {
      const said = told.decision;
      this.alert(`${said.who} meanwhile said: ${SAID[said.verdict] ?? "open again"}: ${card.global.name}. Yours is not kept; decide again to overrule.`, card);
    } else if (told.state === "refused") this.alert(`Not kept: ${card.global.name}. ${told.text}`, card);
    this.done = told.state === "kept" ? this.done : this.done.filter((one) => one.card !== card);
    this.repaint(card);
  }

  told(message, items) {
    this.newest = Math.max(this.newest, message.newest);
    for (const [at, state] of items) if (this.cards[at] && !this.cards[at].pending) Object.assign(this.cards[at], state);
    if (!items.length) return;
    this.rows.forEach((row) => { row.dataset.at = ""; });
    if (this.shown) this.repaint(this.shown);
  }

  // --- a whole field ---

  startField() {
    const card = this.shown;
    if (!card) return;
    if (this.unsaved()) this.alert("Wait until all is saved.");
    else this.ask({ ask: "field", entity: card.entity, field: card.field });
  }

  fielded(message) {
    const { entity, field, many, examples, stands, cannot, knew } = message;
    const named = `${this.entities[entity].title}: ${this.entities[entity].fields[field]}`;
    const send = (verdict) => {
      this.ask({ ask: "all", entity, field, verdict, why: this.why.value.trim(), knew, token: token() });
      this.why.value = "";
    };
    const say = (verdict, text) => make("button", { type: "button", text, "data-do": `all-${verdict}`,
      disabled: Boolean(cannot[verdict]), title: cannot[verdict] ?? "", onclick: () => send(verdict) });
    const rows = examples.map((card) => make("tr", {},
      make("td", { text: [card.global.number, card.global.name].filter(Boolean).join("  ") }),
      make("td", { text: card.global.value || "(empty)" }), make("td", { text: card.severa.value || "(empty)" })));
    const table = make("table", { class: "sides" }, make("thead", {}, make("tr", {},
      make("th", { scope: "col", text: "For example" }), make("th", { scope: "col", text: SIDES.global }),
      make("th", { scope: "col", text: SIDES.severa }))), make("tbody", {}, ...rows));
    const buttons = make("div", { class: "choices" }, say("global", `Visma Global is right in all ${many.toLocaleString("en")}`),
      say("severa", `Visma Severa is right in all ${many.toLocaleString("en")}`), say("leave", "Leave all"));
    if (stands) buttons.append(say("open", "Take the earlier word back"));
    const earlier = stands ? `Said before: ${SAID[stands.verdict]} · ${stands.who} · ${clock(stands.at)}. ` : "";
    const faults = [...new Set(Object.values(cannot).filter(Boolean))].join(" ");
    const heading = many ? `all ${many.toLocaleString("en")} that nobody decided one by one` : "all were decided one by one";
    this.open(`${named}: ${heading}`, table,
      make("p", { text: `${earlier}What is empty in the system that is right is filled from the other. The word also counts for pairs that are linked later. ${faults}` }), buttons);
    this.extra.querySelector("button")?.focus();
  }

  decidedAll(message, items) {
    this.closeExtra();
    this.told(message, items);
    if (message.state === "kept") this.alert(`${items.length.toLocaleString("en")} differences of this field: ${SAID[message.decision.verdict] ?? "open again"}.`);
    else this.alert(message.text || `${message.decision.who} meanwhile said: ${SAID[message.decision.verdict] ?? "open again"}. Yours is not kept; decide again to overrule.`);
    this.toOpen();
    this.list.focus();
  }
}
