// Something that is carried with the keyboard: shown at each place at once, asked of the server when it is put down.
import { announce } from "../lib/announce.js";
import { behind, nextIndex, nextPlace, placeWords } from "./carry.js";
import { provisionalPosition } from "./state.js";

const HOW = "Arrow keys carry it, Space puts it down, Escape puts it back.";

class InHand {
  #settle = null; // ends the place that is only shown here

  lift() {
    this.from = this.at = this.place();
    this.mark(true);
    announce(`Picked up “${this.name}”. ${this.words(this.at)}. ${HOW}`);
  }

  carry(key) {
    if (!this.isThere()) return this.putBack();
    const to = this.next(this.at, key);
    if (!to) return announce(`${this.words(this.at)}. No further.`);
    this.at = to;
    this.#settle?.();
    this.#settle = this.expect(to);
    this.show();
    announce(this.words(to));
  }

  /** Fulfilled when the server has answered. */
  async drop() {
    this.mark(false);
    if (!this.isThere()) return this.putBack();
    const isMoved = JSON.stringify(this.at) !== JSON.stringify(this.from);
    this.#settle?.();
    if (isMoved) return this.move(this.at);
    this.show();
    announce(`Put down where it was: ${this.words(this.at)}.`);
  }

  putBack() {
    this.mark(false);
    this.#settle?.();
    this.keyboard.view.sync();
    if (!this.isThere()) return announce("It was deleted meanwhile.");
    this.focus();
    announce(`Put back: “${this.name}” is in ${this.words(this.from)}.`);
  }

  moveAtOnce(key) {
    const to = this.next(this.place(), key);
    if (to) return this.move(to);
    announce(`${this.words(this.place())}. No further.`);
  }

  show() {
    this.keyboard.view.sync();
    this.focus();
  }

  mark(isCarried) {
    this.element()?.classList.toggle("is-carried", isCarried);
  }

  hasFocus() {
    return Boolean(this.element()?.contains(document.activeElement));
  }
}

export class TaskInHand extends InHand {
  constructor(keyboard, id) {
    super();
    Object.assign(this, { keyboard, id, name: keyboard.state.tasks.get(id).title });
  }

  isThere = () => this.keyboard.state.tasks.has(this.id);
  element = () => this.keyboard.view.cardOf(this.id);
  focus = () => this.keyboard.view.focusCard(this.id);
  words = (at) => placeWords(this.#columns, at);
  next = (at, key) => nextPlace(this.#columns, at, key);

  place() {
    const { listId } = this.keyboard.state.tasks.get(this.id);
    const { ids } = this.keyboard.columns().find(({ id }) => id === listId);
    return { listId, index: ids.indexOf(this.id) };
  }

  expect(at) {
    const { state } = this.keyboard;
    const before = this.#behind(at);
    const position = provisionalPosition(before && state.tasks.get(before));
    return state.expectTask(this.id, (task) => ({ ...task, listId: at.listId, position }));
  }

  move(at) {
    return this.keyboard.moving.moveTask(this.id, at.listId, this.#behind(at));
  }

  get #columns() {
    return this.keyboard.columns(this.id);
  }

  #behind({ listId, index }) {
    const all = this.keyboard.state.tasksOf(listId).map(({ id }) => id).filter((id) => id !== this.id);
    return behind(all, this.#columns.find(({ id }) => id === listId).ids, index);
  }
}

export class ListInHand extends InHand {
  constructor(keyboard, id) {
    super();
    Object.assign(this, { keyboard, id, name: keyboard.state.lists.get(id).name });
  }

  isThere = () => this.keyboard.state.lists.has(this.id);
  element = () => this.keyboard.view.listElement(this.id);
  focus = () => this.keyboard.view.focusList(this.id);
  words = (index) => `List ${index + 1} of ${this.#others.length + 1}`;
  next = (index, key) => nextIndex(this.#others, index, key);
  place = () => this.keyboard.state.sortedLists().findIndex(({ id }) => id === this.id);

  expect(index) {
    const position = provisionalPosition(this.#others[index - 1]);
    return this.keyboard.state.expectList(this.id, (list) => ({ ...list, position }));
  }

  move(index) {
    return this.keyboard.moving.moveList(this.id, this.#others[index - 1]?.id ?? null);
  }

  get #others() {
    return this.keyboard.state.sortedLists().filter(({ id }) => id !== this.id);
  }
}
