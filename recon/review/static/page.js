// --- the page: two boards, one at a time --------------------------------------------------------

const ROOMS = { proposals: ["Proposals", Board], differences: ["Differences", Differences] };

class Page {
  constructor(model, root) {
    this.model = model;
    this.view = token();
    this.boards = {};
    this.root = root;
    this.root.classList.add("recon-review");
    this.tabs = Object.fromEntries(Object.entries(ROOMS).map(([name, [text]]) => [name, make("button", {
      type: "button", role: "tab", text, "data-do": name, title: `${text} (t)`, onclick: () => this.turn(name) })]));
    this.again = make("button", { type: "button", text: "Look again", "data-do": "again", hidden: true,
      title: "Propose anew with what was decided; the systems are not read again", onclick: () => this.lookAgain() });
    const tabs = make("div", { role: "tablist", "aria-label": "What to decide" }, ...Object.values(this.tabs));
    this.root.setAttribute("data-lm-suppress-shortcuts", "true");
    this.place = make("div");
    this.root.append(make("div", { class: "strip" }, tabs, this.again), this.place);
    this.answers = (message) => this.hear(message);
    model.on("msg:custom", this.answers);
    this.turn("proposals", true);
    model.send({ ask: "rooms", view: this.view });
  }

  close() {
    this.model.off("msg:custom", this.answers);
    Object.values(this.boards).forEach((board) => board.close());
  }

  turn(name = this.name === "proposals" ? "differences" : "proposals", quiet = false) {
    this.name = name;
    this.boards[name] ??= this.board(name);
    for (const [other, tab] of Object.entries(this.tabs)) {
      tab.setAttribute("aria-selected", other === name);
      tab.tabIndex = other === name ? 0 : -1;
    }
    const board = this.boards[name];
    this.place.replaceChildren(board.root);
    board.go(board.at, true);
    if (!quiet) board.list.focus({ preventScroll: true });
  }

  board(name) {
    const board = new ROOMS[name][1](this.model, make("div"), this);
    board.show(null, -1);
    return board;
  }

  lookAgain() {
    if (Object.values(this.boards).some((board) => board.unsaved())) {
      this.boards[this.name].alert("Wait until all is saved.");
      return;
    }
    this.again.disabled = true;
    this.again.textContent = "Looking…";
    this.model.send({ ask: "again", view: this.view });
  }

  hear(message) {
    if (message.view !== this.view) return;
    const looked = this.again.disabled;
    this.again.disabled = false;
    this.again.textContent = "Look again";
    if (message.tell === "error") {
      this.boards[this.name].alert(message.text);
      return;
    }
    this.again.hidden = !message.again;
    for (const [name, many] of Object.entries(message.rooms)) {
      this.tabs[name].textContent = `${ROOMS[name][0]} (${many.toLocaleString("en")})`;
    }
    if (looked) {
      Object.values(this.boards).forEach((board) => board.close());
      this.boards = {};
      this.turn(this.name);
    } else if (!message.rooms.proposals && message.rooms.differences) this.turn("differences", true);
  }
}

export default {
  render({ model, el }) {
    const page = new Page(model, el.appendChild(document.createElement("div")));
    return () => page.close();
  },
};
