// Who is active on the page: over the socket as it changes, every half minute by asking while there is none.
import * as api from "../lib/api.js";
import { hearServerTime } from "../lib/clock.js";
import { Connection } from "../lib/connection.js";
import { ask, boardSocket } from "../lib/socket.js";
import { startStatusMenu } from "../presence/status_menu.js";

const POLL_MS = 30_000;
const RETRY_MS = 3_000;

export class LiveMembers {
  #socket = boardSocket();

  /** `hooks`: ids(), hear(users), onState(live | lost | connecting). */
  constructor(organizationId, hooks) {
    Object.assign(this, { organizationId, hooks });
    this.#socket.on("members_update", (news) => news.organizationId === organizationId && this.#hear(news));
    this.#socket.on("access_revoked", (news) => news.organizationId === organizationId && location.reload());
    this.#socket.on("session_ended", () => this.#sessionEnded());
    this.connection = new Connection(this.#socket, {
      refreshSession: api.refreshSession,
      onSessionEnded: () => this.#sessionEnded(),
      onState: ({ name }) => this.#connectionChanged(name),
    });
  }

  start() {
    startStatusMenu(this.#socket);
    setInterval(() => document.hidden || this.#socket.connected || this.#poll(), POLL_MS);
    addEventListener("pagehide", () => this.connection.stop());
    addEventListener("pageshow", (event) => event.persisted && this.connection.resume());
    addEventListener("online", () => this.connection.retryNow());
    this.connection.start();
  }

  async #watch() {
    try {
      await ask(this.#socket, "watch_members", { organizationId: this.organizationId, userIds: this.hooks.ids() });
      this.hooks.onState("live");
    } catch (error) {
      if (this.#socket.connected) setTimeout(() => this.#watch(), (error.retryAfter ?? 0) * 1000 || RETRY_MS);
    }
  }

  async #poll() {
    const ids = this.hooks.ids().map((id) => `userIds=${id}`).join("&");
    try {
      this.#hear(await api.get(`/admin/users/online-status?organization=${this.organizationId}&${ids}`));
    } catch {
      return; // what is shown stays; the next round asks again
    }
  }

  #hear({ users, serverTime }) {
    hearServerTime(serverTime);
    this.hooks.hear(users);
  }

  #connectionChanged(name) {
    if (name === "connected") return this.#watch();
    if (name === "waiting") this.#poll();
    this.hooks.onState(name === "connecting" ? "connecting" : "lost");
  }

  #sessionEnded() {
    this.connection.stop();
    api.goToSignIn();
  }
}
