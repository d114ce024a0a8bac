// Presence of the people on a page: over the socket as it changes, by asking every half minute while there is none
// and for those beyond what the server lets one page watch. Shows nothing itself.
import * as api from "../lib/api.js";
import { Connection } from "../lib/connection.js";
import { ask, boardSocket } from "../lib/socket.js";
import { startStatusMenu } from "../presence/status_menu.js";

const POLL_MS = 30_000;
const RETRY_MS = 3_000;
const SETTLE_MS = 250; // scrolling changes whom to watch many times a second
const MOST_ASKED = 100; // ids in one address: longer ones are refused on the way by some servers
const PATH = "/api/presence/users";

export class LivePresence {
  #socket = boardSocket();
  #watching = new Set(); // acknowledged by the server
  #settling = null;
  #round = 0;

  /**
   * `hooks`: watched() whom to watch, everybody() who else is on the page, hear(users, asked),
   * onState(live | lost | connecting).
   */
  constructor(hooks) {
    this.hooks = hooks;
    this.#socket.on("presence_update", ({ users }) => hooks.hear(users));
    this.#socket.on("session_ended", () => this.#sessionEnded());
    this.connection = new Connection(this.#socket, {
      refreshSession: api.refreshSession,
      onSessionEnded: () => this.#sessionEnded(),
      onState: ({ name }) => this.#connectionChanged(name),
    });
  }

  /** Other news for this page. */
  on(event, react) {
    this.#socket.on(event, react);
  }

  start() {
    startStatusMenu(this.#socket);
    setInterval(() => document.hidden || this.#poll(), POLL_MS);
    addEventListener("pagehide", () => this.connection.stop());
    addEventListener("pageshow", (event) => event.persisted && this.connection.resume());
    addEventListener("online", () => this.connection.retryNow());
    document.addEventListener("visibilitychange", () => document.hidden || this.#socket.connected || this.#poll());
    this.connection.start();
  }

  /** Somebody came into sight, or the list changed. */
  watchAgain() {
    this.#settling ??= setTimeout(() => {
      this.#settling = null;
      this.#watch();
    }, SETTLE_MS);
  }

  async #watch() {
    const ids = this.hooks.watched();
    const isKnown = ids.length === this.#watching.size && ids.every((id) => this.#watching.has(id));
    if (!this.#socket.connected || isKnown) return;
    const round = ++this.#round;
    try {
      await ask(this.#socket, "watch_users", { userIds: ids });
      if (round === this.#round) this.#watching = new Set(ids);
      this.hooks.onState("live");
    } catch (error) {
      if (this.#socket.connected) setTimeout(() => this.#watch(), (error.retryAfter ?? 0) * 1000 || RETRY_MS);
    }
  }

  /** Everybody whom the socket does not tell of. */
  async #poll() {
    const ids = this.hooks.everybody().filter((id) => !this.#watching.has(id));
    for (let at = 0; at < ids.length; at += MOST_ASKED) {
      const asked = ids.slice(at, at + MOST_ASKED);
      try {
        const { users } = await api.get(`${PATH}?${asked.map((id) => `userIds=${id}`).join("&")}`);
        this.hooks.hear(users, asked);
      } catch {
        return; // what is shown stays; the next round asks again
      }
    }
  }

  #connectionChanged(name) {
    if (name === "connected") return this.#watch();
    const wasWatching = this.#watching.size > 0;
    this.#watching.clear();
    this.#round += 1;
    if (name === "waiting") this.#poll();
    if (name !== "connecting" || wasWatching) this.hooks.onState(name === "connecting" ? "connecting" : "lost");
  }

  #sessionEnded() {
    this.connection.stop();
    api.goToSignIn();
  }
}
