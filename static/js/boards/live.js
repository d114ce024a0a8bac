// Keeps the board on this page the same as everybody's: joins, applies changes in order, asks again after a gap.
// Shows nothing itself; `hooks` hear what happened.
import * as api from "../lib/api.js";
import { hearServerTime } from "../lib/clock.js";
import { ask } from "../lib/socket.js";
import { thisDevice } from "../presence/device.js";

const CHANGES = [
  "task_created", "task_updated", "task_moved", "task_deleted",
  "comment_added", "comment_updated", "comment_deleted",
  "list_created", "list_updated", "list_moved", "list_deleted", "board_updated",
];
const RETRY_MS = 3_000;
const STALE_RETRY_MS = 500;

export class LiveBoard {
  #joining = false;
  #loading = false;

  /**
   * `hooks`: isActive(), onJoined(ack), onChange(), onTyping(mark), onStopTyping(userId), onRevoked(reason),
   * onSessionEnded().
   */
  constructor(socket, state, hooks) {
    Object.assign(this, { socket, state, hooks, boardId: state.board.id });
    const here = (run) => (payload) => payload.boardId === this.boardId && run(payload);
    for (const event of CHANGES) socket.on(event, here((payload) => this.#take(event, payload)));
    socket.on("typing", here(hooks.onTyping));
    socket.on("stop_typing", here(({ userId }) => hooks.onStopTyping(userId)));
    socket.on("access_revoked", here(({ reason }) => hooks.onRevoked(reason)));
    socket.on("session_ended", () => hooks.onSessionEnded());
  }

  /** Also asks for a new presence snapshot, when this person is a head. */
  async join() {
    if (this.#joining || !this.socket.connected) return;
    this.#joining = true;
    try {
      const joined = await ask(this.socket, "join_board", {
        boardId: this.boardId, page: location.pathname, device: thisDevice(), active: this.hooks.isActive(),
      });
      hearServerTime(joined.serverTime);
      if (joined.boardSeq > this.state.seq) this.reload();
      this.hooks.onJoined(joined);
    } catch (error) {
      this.#refused(error, () => this.join());
    } finally {
      this.#joining = false;
    }
  }

  leave() {
    this.socket.emit("leave_board", { boardId: this.boardId });
  }

  /** `heard` gets the acknowledgement. */
  tell(event, payload, ...heard) {
    if (this.socket.connected) this.socket.emit(event, { boardId: this.boardId, ...payload }, ...heard);
  }

  async reload() {
    if (this.#loading) return;
    this.#loading = true;
    try {
      const isNews = this.state.load(await api.get(`/api/boards/${this.boardId}`));
      this.hooks.onChange();
      if (!isNews || this.state.hasGap) setTimeout(() => this.reload(), STALE_RETRY_MS);
    } catch (error) {
      this.#refused(error, () => this.reload());
    } finally {
      this.#loading = false;
    }
  }

  #take(event, payload) {
    const missedOne = this.state.receive(event, payload);
    this.hooks.onChange();
    if (missedOne) this.reload();
  }

  /** Not found means: not for this person any more. Anything else may pass; without a socket the next join asks again. */
  #refused(error, again) {
    if (error.code === "not_found" || error.code === "forbidden") this.hooks.onRevoked("removed");
    else if (error.code === "not_signed_in") this.hooks.onSessionEnded();
    else if (this.socket.connected) setTimeout(again, (error.retryAfter ?? 0) * 1000 || RETRY_MS);
  }
}
