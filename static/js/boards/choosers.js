// Choosing labels or people for one task or many, in a popover beside what opened it: search, tick, and for labels
// also make, rename, colour and delete them. Fetched when it is used first.
import { announce, toast } from "../lib/announce.js";
import { element, icon } from "../lib/dom.js";
import { putBeside, walk } from "../lib/menu.js";
import { face, labelChip } from "./card.js";
import { LabelForm } from "./label_form.js";

let open = null;

/** `kind`: labels or people. `anchor` gets the focus back; `done()` is called when it closes. */
export function choose(kind, { anchor, ids, state, actions, done = () => {} }) {
  open?.close();
  open = new Chooser(KINDS[kind], { anchor, ids, state, actions, done });
}

/** Names, colours or the tasks themselves changed. */
export const refreshChooser = () => open?.refresh();

const KINDS = {
  labels: {
    title: "Labels",
    none: "No label of this name.",
    things: (state) => [...state.labels.values()].map((label) => ({ ...label, words: label.name })),
    picture: (label) => [labelChip(label)],
    field: "labelIds",
    set: (actions, id, thing, on) => actions.setLabel(id, thing, on),
    many: (thing, on) => ({ [on ? "addLabelIds" : "removeLabelIds"]: [thing] }),
    isEditable: true,
  },
  people: {
    title: "People on this board",
    none: "Nobody of this name is on the board.",
    things: (state) => [...state.members.values()].map((member) => ({ ...member, id: member.userId, words: member.name })),
    picture: (member) => [face(member), element("span", { className: "chooser-name" }, member.name)],
    field: "assigneeIds",
    set: (actions, id, thing, on) => actions.setAssignee(id, thing, on),
    many: (thing, on) => ({ [on ? "addAssigneeIds" : "removeAssigneeIds"]: [thing] }),
    isEditable: false,
  },
};

class Chooser {
  #menu = element("div", { className: "menu chooser", popover: "auto", role: "dialog" });
  #search = element("input", { className: "form-control", type: "search", placeholder: "Search", autocomplete: "off" });
  #list = element("ul", { className: "chooser-list" });
  #empty = element("p", { className: "chooser-empty" });
  #make = element("button", { className: "menu-item", type: "button" });

  constructor(kind, { anchor, ids, state, actions, done }) {
    Object.assign(this, { kind, anchor, ids, state, actions, done });
    this.#menu.setAttribute("aria-label", kind.title);
    this.#search.setAttribute("aria-label", `Search ${kind.title.toLowerCase()}`);
    this.#search.addEventListener("input", () => this.refresh());
    this.#menu.addEventListener("keydown", (event) => this.#key(event));
    this.#menu.addEventListener("toggle", (event) => event.newState === "closed" && this.#closed());
    this.#list.addEventListener("change", ({ target }) => this.#set(target.closest("li").dataset.id, target.checked));
    this.#list.addEventListener("click", ({ target }) => this.#edit(target.closest(".chooser-edit")?.closest("li").dataset.id));
    this.#make.addEventListener("click", () => this.#showForm({ name: this.#search.value.trim() }));
    (anchor.closest("dialog") ?? document.body).append(this.#menu); // what is behind a modal dialog cannot be reached
    this.#menu.append(this.#search, this.#list, this.#empty, this.#make);
    this.#menu.showPopover();
    this.refresh();
    putBeside(this.#menu, anchor);
    this.#search.focus();
  }

  close() {
    this.#menu.hidePopover();
  }

  refresh() {
    if (!this.#list.isConnected) return; // a label is being edited
    const query = this.#search.value.trim().toLowerCase();
    const things = this.kind.things(this.state);
    const found = things.filter(({ words }) => words.toLowerCase().includes(query));
    const focused = document.activeElement.closest?.("li")?.dataset.id;
    this.#list.replaceChildren(...found.map((thing) => this.#row(thing)));
    this.#list.querySelector(`[data-id="${focused}"] input`)?.focus();
    this.#empty.hidden = found.length > 0;
    this.#empty.textContent = things.length ? this.kind.none : "No labels yet.";
    const isNew = query && !things.some(({ words }) => words.toLowerCase() === query);
    this.#make.hidden = !this.kind.isEditable || Boolean(query && !isNew);
    this.#make.replaceChildren(icon("plus"), isNew ? `Make the label “${this.#search.value.trim()}”` : "New label");
  }

  get #tasks() {
    return this.ids.map((id) => this.state.tasks.get(id)).filter(Boolean);
  }

  #row(thing) {
    const having = this.#tasks.filter((task) => (task[this.kind.field] ?? []).includes(thing.id)).length;
    const box = element("input", { type: "checkbox", checked: having > 0 && having === this.#tasks.length });
    box.indeterminate = having > 0 && having < this.#tasks.length;
    const row = element("li", { className: "chooser-row", data: { id: thing.id } },
      element("label", { className: "chooser-item" }, box, ...this.kind.picture(thing)));
    if (this.kind.isEditable) {
      const label = { className: "icon-button chooser-edit", type: "button", ariaLabel: `Edit the label ${thing.name}` };
      row.append(element("button", label, icon("pencil")));
    }
    return row;
  }

  async #set(thingId, on) {
    const { tasks } = this.actions;
    try {
      const asked = this.ids.length === 1
        ? this.kind.set(tasks, this.ids[0], thingId, on)
        : tasks.setMany(this.ids, this.kind.many(thingId, on));
      this.refresh();
      await asked;
      announce("Saved.");
    } catch (error) {
      toast(`This was not saved. ${error.message}`);
    }
    this.refresh();
  }


  #edit(id) {
    if (id) this.#showForm(this.state.labels.get(id));
  }

  #showForm(label) {
    const back = () => {
      this.#menu.replaceChildren(this.#search, this.#list, this.#empty, this.#make);
      this.refresh();
      this.#search.focus();
    };
    const form = new LabelForm(label, this.actions, {
      onSaved: async (saved, isNew) => {
        this.#search.value = "";
        back();
        if (isNew) await this.#set(saved.id, true);
      },
      onBack: back,
    });
    this.#menu.replaceChildren(form.element);
    form.focus();
  }

  #key(event) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      walk([this.#search, ...this.#list.querySelectorAll("input"), ...(this.#make.hidden ? [] : [this.#make])], event);
    }
    if (event.key === "Enter" && event.target.type === "checkbox") event.target.click();
    if (event.key === "Enter" && event.target === this.#search) {
      const first = this.#list.querySelector("input");
      (first ?? this.#make).click();
    }
    if (event.key === "Escape") { event.stopPropagation(); event.preventDefault(); this.close(); }
  }

  #closed() {
    const hadFocus = this.#menu.contains(document.activeElement) || document.activeElement === document.body;
    this.#menu.remove();
    open = null;
    if (hadFocus) this.anchor.focus();
    this.done();
  }
}
