// Lists or tasks as the server told them, and over that one's own changes that it has not answered yet. Pure.

export class Things {
  shown = new Map(); // id -> as the page shows it; what is archived is not on the page
  #told = new Map(); // id -> as the server last told it
  #expected = new Map(); // id -> Set of one's own changes that wait for their answer
  #heard = new Map(); // id -> how many numbered changes have told of it
  #deleted = new Set(); // a change from before the deletion may not bring them back

  /** `changed(id)` hears what has to be shown again. */
  constructor(changed) {
    this.changed = changed;
  }

  load(things) {
    const before = [...this.#told.keys()];
    this.#told = new Map(things.map((thing) => [thing.id, thing]));
    this.#deleted.clear();
    for (const id of new Set([...before, ...this.#told.keys()])) this.#show(id);
  }

  /** A numbered change told of it: whatever is still answered may be older. */
  hear(thing) {
    this.#heard.set(thing.id, this.#timesHeard(thing.id) + 1);
    this.put(thing);
  }

  /** An older version never replaces a newer one. */
  put(thing) {
    const known = this.#told.get(thing.id);
    if (this.#deleted.has(thing.id) || (known && thing.version < known.version)) return;
    this.#told.set(thing.id, thing);
    this.#show(thing.id);
  }

  drop(id) {
    this.#deleted.add(id);
    if (this.#told.delete(id)) this.#show(id);
  }

  /** It was made, or its deletion undone. */
  welcome(id) {
    this.#deleted.delete(id);
  }

  /**
   * Shows `change(thing)` at once; a change that answers null takes the thing off the page. The function answered
   * ends that: with what the server made of it, or with nothing when it refused, and then all is as before.
   */
  expect(id, change) {
    const heard = this.#timesHeard(id);
    const waiting = this.#expected.get(id) ?? new Set();
    this.#expected.set(id, waiting.add(change));
    this.#show(id);
    return (answer = null) => {
      waiting.delete(change);
      if (!waiting.size && this.#expected.get(id) === waiting) this.#expected.delete(id);
      if (answer && this.#isNews(answer, heard)) this.put(answer);
      else this.#show(id);
    };
  }

  /** Labels, people and places change without a new version: what was told since the question is the truth then. */
  #isNews(answer, heard) {
    const known = this.#told.get(answer.id);
    return !known || answer.version > known.version || this.#timesHeard(answer.id) === heard;
  }

  #timesHeard(id) {
    return this.#heard.get(id) ?? 0;
  }

  #show(id) {
    let thing = this.#told.get(id) ?? null;
    for (const change of this.#expected.get(id) ?? []) thing = thing && change(thing);
    if (thing && !thing.archivedAt) this.shown.set(id, thing);
    else this.shown.delete(id);
    this.changed(id);
  }
}
