// The comments of one task: shown, written, edited, deleted, with what they said before; live.
import { announce } from "../lib/announce.js";
import * as defaultApi from "../lib/api.js";
import { confirmDelete } from "../lib/dialog.js";
import { loadStyles } from "../lib/lazy.js";
import { CommentForm } from "./comment_form.js";
import { CommentView } from "./comment_view.js";
import { Comments } from "./comments_state.js";

const EVENTS = ["comment_added", "comment_updated", "comment_deleted"];
const PAGE = 30;

/**
 * Fills `container`. `me` is the person's id, `live` the LiveBoard of the page. Answers {stop(), focus()}; whatever is
 * typed and not sent waits for the next time. `hooks`: onTyping(), onTypingEnd(), onAdded().
 */
export function startComments(container, { boardId, taskId, me, live, api = defaultApi, hooks = {} }) {
  loadStyles("comments.css").catch(() => {}); // bare, and still usable
  return new CommentList(container, { path: `/api/boards/${boardId}/tasks/${taskId}/comments`, taskId, me, live, api, hooks });
}

class CommentList {
  #comments = new Comments();
  #cursor = null;
  #stopped = false;
  #views = new Map();

  constructor(container, parts) {
    Object.assign(this, parts);
    this.earlier = button("Show earlier comments", () => this.#load(this.#cursor));
    this.earlier.hidden = true;
    this.list = Object.assign(document.createElement("ol"), { className: "comment-list" });
    this.list.setAttribute("aria-label", "Comments");
    this.status = Object.assign(document.createElement("p"), { className: "comments-status", textContent: "Loading comments…" });
    this.form = new CommentForm({
      label: "Write a comment", button: "Comment", people: () => this.#people(), hooks: this.hooks,
      draft: draft(`comment ${this.me} ${this.taskId}`), send: (body) => this.#add(body),
    });
    container.replaceChildren(this.earlier, this.list, this.status, this.form.element);
    this.listeners = new Map(EVENTS.map((event) => [event, (news) => this.#hear(event, news)]));
    this.listeners.set("connect", () => this.#load()); // for what was missed meanwhile
    for (const [event, listener] of this.listeners) this.live.socket.on(event, listener);
    this.#load();
  }

  focus() {
    this.form.field.focus();
  }

  stop() {
    this.#stopped = true;
    for (const [event, listener] of this.listeners) this.live.socket.off(event, listener);
  }

  /** The newest page again, or the one before `cursor`. */
  async #load(cursor = null) {
    try {
      const page = await this.api.get(`${this.path}?limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
      if (this.#stopped) return;
      const isFirst = !this.#views.size;
      if (cursor) for (const comment of page.items) this.#comments.put(comment);
      else this.#comments.renew(page.items, !page.nextCursor);
      if (cursor || isFirst || !page.nextCursor) this.#cursor = page.nextCursor;
      this.status.hidden = true;
      this.#show();
      if (cursor) this.#views.get(page.items.at(-1)?.id)?.element.focus();
    } catch (error) {
      if (this.#stopped) return;
      this.status.hidden = false;
      this.status.replaceChildren(`The comments could not be loaded. ${error.message} `, button("Try again", () => this.#load(cursor)));
    }
  }

  #hear(event, { boardId, task, comment, actor }) {
    if (boardId !== this.live.boardId || task.id !== this.taskId) return;
    const changed = event === "comment_deleted" ? this.#comments.drop(comment.id) : this.#comments.put(comment);
    if (!changed) return;
    this.#show();
    if (event === "comment_added" && actor.userId !== this.me) announce(`${actor.name} commented.`);
  }

  async #add(body) {
    this.#comments.put(await this.api.post(this.path, { body }));
    if (this.#stopped) return;
    this.#show();
    announce("Comment added.");
    this.hooks.onAdded?.();
    this.list.lastElementChild?.scrollIntoView({ block: "nearest" });
  }

  async #save(id, version, body) {
    this.#comments.put(await this.api.patch(`${this.path}/${id}`, { body, version }));
    this.#show();
    announce("Comment saved.");
  }

  async #delete(id) {
    if (!await confirmDelete("Delete this comment?", "It goes with everything it said before.")) return;
    await this.api.remove(`${this.path}/${id}`);
    this.#comments.drop(id);
    this.#show();
    announce("Comment deleted.");
    this.focus();
  }

  #show() {
    const comments = this.#comments.sorted();
    const there = new Set(comments.map(({ id }) => id));
    for (const [id, view] of this.#views) {
      if (there.has(id)) continue;
      view.element.remove();
      this.#views.delete(id);
    }
    comments.forEach((comment, at) => {
      const view = this.#views.get(comment.id) ?? this.#make(comment);
      view.show(comment, { isMine: comment.author?.userId === this.me, isHead: this.live.state.board.role === "head" });
      if (this.list.children[at] !== view.element) this.list.insertBefore(view.element, this.list.children[at] ?? null);
    });
    this.earlier.hidden = !this.#cursor;
  }

  #make({ id }) {
    const view = new CommentView({
      save: (version, body) => this.#save(id, version, body),
      remove: () => this.#delete(id),
      history: (cursor) => this.api.get(`${this.path}/${id}/history${cursor ? `?cursor=${cursor}` : ""}`),
      people: () => this.#people(),
      draft: draft(`comment edit ${this.me} ${id}`),
      hooks: this.hooks,
    });
    this.#views.set(id, view);
    return view;
  }

  #people() {
    return [...this.live.state.members.values()];
  }
}

/** Words that are not sent yet, as long as this tab is open. */
function draft(key) {
  return {
    load: () => read(() => sessionStorage.getItem(key)) ?? "",
    save: (text) => read(() => (text ? sessionStorage.setItem(key, text) : sessionStorage.removeItem(key))),
  };
}

/** Storage may be full, or forbidden: then nothing is kept. */
function read(run) {
  try {
    return run();
  } catch {
    return null;
  }
}

function button(text, run) {
  const element = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm comments-more", textContent: text });
  element.addEventListener("click", run);
  return element;
}
