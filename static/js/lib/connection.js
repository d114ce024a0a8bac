// Keeps one socket connected: waits by reconnectDelay, refreshes the session first, tells its state.
// Knows no events of any feature; the socket and the timers are arguments so that it runs without a page.
import { reconnectDelay } from "./backoff.js";

export class Connection {
  #attempt = 0;
  #timer = null;
  #started = false;

  /** `refreshSession` answers {authenticated}; `onState` hears {name: waiting|connecting|connected|stopped, retryAt?}. */
  constructor(socket, { refreshSession, onState, onSessionEnded, random = Math.random, timers = globalThis }) {
    Object.assign(this, { socket, refreshSession, onState, onSessionEnded, random, timers });
    socket.on("connect", () => this.#connected());
    socket.on("disconnect", () => this.#lost());
    socket.on("connect_error", (error) => this.#lost(error?.data?.retryAfter));
  }

  /** The first time the page's own CSRF token is fresh, so nothing is asked before. */
  start() {
    this.#started = true;
    this.onState({ name: "connecting" });
    this.socket.connect();
  }

  /** After stop(): the session may have changed meanwhile. */
  resume() {
    this.#started = true;
    this.#tryAgain();
  }

  stop() {
    this.#started = false;
    this.timers.clearTimeout(this.#timer);
    this.socket.disconnect();
    this.onState({ name: "stopped" });
  }

  retryNow() {
    if (!this.#started || this.socket.connected) return;
    this.timers.clearTimeout(this.#timer);
    this.#tryAgain();
  }

  #connected() {
    this.#attempt = 0;
    this.onState({ name: "connected" });
  }

  #lost(retryAfterSeconds = 0) {
    if (!this.#started) return;
    const seconds = Math.max(reconnectDelay(this.#attempt++, this.random), retryAfterSeconds);
    this.timers.clearTimeout(this.#timer);
    this.#timer = this.timers.setTimeout(() => this.#tryAgain(), seconds * 1000);
    this.onState({ name: "waiting", retryAt: Date.now() + seconds * 1000 });
  }

  async #tryAgain() {
    this.onState({ name: "connecting" });
    try {
      const session = await this.refreshSession();
      if (!this.#started) return;
      if (!session.authenticated) return this.onSessionEnded();
      this.socket.connect();
    } catch {
      this.#lost();
    }
  }
}
