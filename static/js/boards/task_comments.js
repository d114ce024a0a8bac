// The place for comments in the task panel: their module is fetched with the first task that is opened.
import * as api from "../lib/api.js";
import { byId } from "../lib/dom.js";
import { once } from "../lib/lazy.js";

const load = once(() => import("./comments.js"));

export class TaskComments {
  #place = byId("task-comments");
  #running = null;
  #taskId = null;

  /** `hooks`: {me, live, onTyping(taskId), onTypingEnd(), onAdded()}. */
  constructor(state, hooks) {
    Object.assign(this, { state, hooks });
  }

  async open(taskId) {
    this.close();
    this.#taskId = taskId;
    try {
      const { startComments } = await load();
      if (this.#taskId !== taskId || this.#running) return;
      const { me, live, onTyping, onTypingEnd, onAdded } = this.hooks;
      const hooks = { onTyping: () => onTyping(taskId), onTypingEnd, onAdded };
      const boardId = this.state.board.id;
      byId("task-comments-part").hidden = false;
      this.#running = startComments(this.#place, { boardId, taskId, me, live, api, hooks });
    } catch {
      byId("task-comments-part").hidden = true; // the task itself is whole without them
    }
  }

  close() {
    this.#taskId = null;
    this.#running?.stop();
    this.#running = null;
    this.#place.replaceChildren();
  }
}
