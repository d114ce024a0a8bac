// Completes @names in a text field: a list below it, walked with the arrow keys while the field keeps the focus.
import { announce } from "../lib/announce.js";
import { paintAvatar } from "../lib/avatar.js";
import { complete, matching, mentionAt } from "./comments_state.js";

let boxes = 0;

export class MentionBox {
  chosen = new Map(); // name -> id of whom was meant by it
  #options = [];
  #active = 0;
  #mention = null;

  /** `people()` answers those who can be mentioned: {userId, name, avatarUrl}. */
  constructor(field, people) {
    Object.assign(this, { field, people });
    boxes += 1;
    this.list = Object.assign(document.createElement("ul"), { className: "mention-list", id: `mentions-${boxes}`, hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "People to mention");
    field.after(this.list);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
    field.setAttribute("aria-controls", this.list.id);
    for (const event of ["input", "click"]) field.addEventListener(event, () => this.#look());
    field.addEventListener("keyup", ({ key }) => ["ArrowLeft", "ArrowRight", "Home", "End"].includes(key) && this.#look());
    field.addEventListener("keydown", (event) => this.#key(event));
    field.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", ({ target }) => this.#choose(this.#options[[...this.list.children].indexOf(target.closest("li"))]));
  }

  get isOpen() {
    return !this.list.hidden;
  }

  close() {
    this.list.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  #look() {
    const { value, selectionStart, selectionEnd } = this.field;
    this.#mention = selectionStart === selectionEnd ? mentionAt(value, selectionStart) : null;
    this.#options = this.#mention ? matching(this.people(), this.#mention.query) : [];
    const isWritten = this.#options.length === 1 && this.#options[0].name === this.#mention.query;
    if (!this.#options.length || isWritten) return this.close();
    const wasOpen = this.isOpen;
    this.list.replaceChildren(...this.#options.map((person, at) => this.#option(person, at)));
    this.list.hidden = false;
    this.#mark(0);
    const count = this.#options.length;
    if (!wasOpen) announce(`${count} ${count === 1 ? "person" : "people"} to mention. Arrow keys choose, Enter takes.`);
  }

  #option(person, at) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${at}`;
    option.setAttribute("role", "option");
    const disc = Object.assign(document.createElement("span"), { className: "disc" });
    disc.setAttribute("aria-hidden", "true");
    paintAvatar(disc, { ...person, id: person.userId });
    option.append(disc, person.name);
    return option;
  }

  #mark(at) {
    this.#active = (at + this.#options.length) % this.#options.length;
    [...this.list.children].forEach((option, n) => option.setAttribute("aria-selected", String(n === this.#active)));
    this.list.children[this.#active].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", `${this.list.id}-${this.#active}`);
  }

  #key(event) {
    if (!this.isOpen || event.isComposing) return;
    const act = {
      ArrowDown: () => this.#mark(this.#active + 1),
      ArrowUp: () => this.#mark(this.#active - 1),
      Enter: () => this.#choose(this.#options[this.#active]),
      Tab: () => this.#choose(this.#options[this.#active]),
      Escape: () => this.close(),
    }[event.ctrlKey || event.metaKey || event.shiftKey ? "" : event.key];
    if (!act) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // neither sent nor closed by the same key
    event.stopPropagation();
    act();
  }

  #choose(person) {
    if (!person) return;
    const { text, caret } = complete(this.field.value, this.field.selectionStart, this.#mention, person);
    this.chosen.set(person.name, person.userId);
    this.close();
    this.field.value = text;
    this.field.setSelectionRange(caret, caret);
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
