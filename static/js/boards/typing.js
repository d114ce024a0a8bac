// Who is typing where, as told by others, and when one's own typing has to be told. Pure: the time is an argument.

export class TypingHints {
  #marks = new Map(); // user id -> {name, taskId, until}

  constructor(lifeMs) {
    this.lifeMs = lifeMs;
  }

  /** Answers the task ids whose hint changes (null stands for the board itself). */
  hear({ userId, name, taskId = null }, now) {
    const before = this.#marks.get(userId);
    this.#marks.set(userId, { name, taskId, until: now + this.lifeMs });
    return before && before.taskId !== taskId ? [before.taskId, taskId] : [taskId];
  }

  forget(userId) {
    const mark = this.#marks.get(userId);
    this.#marks.delete(userId);
    return mark ? [mark.taskId] : [];
  }

  clear() {
    const places = [...this.#marks.values()].map(({ taskId }) => taskId);
    this.#marks.clear();
    return places;
  }

  /** A typist whose machine died sends no stop: the mark ends by itself. */
  expire(now) {
    const ended = [...this.#marks].filter(([, { until }]) => until <= now);
    return ended.flatMap(([userId]) => this.forget(userId));
  }

  get isEmpty() {
    return this.#marks.size === 0;
  }

  textFor(taskId) {
    return typingText([...this.#marks.values()].filter((mark) => mark.taskId === taskId).map(({ name }) => name));
  }
}

export function typingText(names) {
  const first = names.map((name) => name.split(/\s+/)[0]);
  if (first.length === 0) return "";
  if (first.length === 1) return `${first[0]} is typing…`;
  if (first.length === 2) return `${first[0]} and ${first[1]} are typing…`;
  return `${first.length} people are typing…`;
}

/** Decides when to tell that one types: at the first key, then again only so often that the mark stays alive. */
export class TypingReporter {
  #place; // undefined while not typing
  #toldAt = 0;
  #lastKey = 0;

  constructor({ send, stop, clock, lifeMs }) {
    Object.assign(this, { send, stop, clock, lifeMs });
  }

  key(taskId) {
    const now = this.clock.now();
    this.#lastKey = now;
    if (this.#place !== taskId || now - this.#toldAt >= this.lifeMs / 3) this.#tell(taskId, now);
    if (!this.timer) this.#later();
  }

  end() {
    if (this.#place === undefined) return;
    this.clock.clearTimeout(this.timer);
    this.timer = null;
    this.#place = undefined;
    this.stop();
  }

  #tell(taskId, now) {
    this.#place = taskId;
    this.#toldAt = now;
    this.send(taskId);
  }

  /** The last keys of a burst count too: they are told when the next report is due. */
  #later() {
    this.timer = this.clock.setTimeout(() => {
      this.timer = null;
      if (this.#lastKey <= this.#toldAt) return;
      this.#tell(this.#place, this.clock.now());
      this.#later();
    }, this.lifeMs / 3);
  }
}
