// Stand-ins for time and sockets, so that nothing in these tests waits.

export class FakeClock {
  #now = 1_000_000;
  #timers = new Map();
  #nextId = 1;

  now() {
    return this.#now;
  }

  setTimeout(run, ms) {
    this.#timers.set(this.#nextId, { run, at: this.#now + ms });
    return this.#nextId++;
  }

  clearTimeout(id) {
    this.#timers.delete(id);
  }

  advance(ms) {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.#now = Math.max(this.#now, due[1].at);
      due[1].run();
    }
    this.#now = end;
  }

  /** The machine sleeps: time passes, timers do not. */
  sleep(ms) {
    this.#now += ms;
  }

  delays() {
    return [...this.#timers.values()].map(({ at }) => at - this.#now);
  }
}

export class FakeSocket {
  connected = false;
  connects = 0;
  #listeners = {};

  on(event, listener) {
    this.#listeners[event] = listener;
  }

  connect() {
    this.connects += 1;
  }

  disconnect() {
    this.connected = false;
  }

  happens(event, ...args) {
    this.connected = event === "connect";
    this.#listeners[event](...args);
  }
}
