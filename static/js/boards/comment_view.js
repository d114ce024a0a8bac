// One comment: who, when, what; its form while it is edited, and what it said before.
import { announce, toast } from "../lib/announce.js";
import { paintAvatar } from "../lib/avatar.js";
import { showRelative } from "../lib/clock.js";
import { setText } from "../lib/dom.js";
import { showMarkup } from "../lib/markup.js";
import { CommentForm } from "./comment_form.js";

const CHANGED = "This comment was changed in another window. Saving again replaces what it says now:";

export class CommentView {
  #comment = null;
  #form = null;
  #base = 0; // the version the editing began from

  /** `acts`: save(version, body), remove(), history(cursor), people(), draft, hooks. */
  constructor(acts) {
    this.acts = acts;
    this.element = make("li", "comment");
    this.element.tabIndex = -1;
    this.disc = make("span", "disc");
    this.disc.setAttribute("aria-hidden", "true");
    this.name = make("strong", "comment-author");
    this.time = make("time", "comment-time");
    this.edited = button("edited", () => this.#toggleHistory(), "comment-edited");
    this.edited.setAttribute("aria-expanded", "false");
    this.edit = button("Edit", () => this.#edit());
    this.remove = button("Delete", () => this.#remove());
    this.body = make("div", "comment-body markdown");
    this.history = make("ol", "comment-history");
    this.history.hidden = true;
    this.history.setAttribute("aria-label", "What it said before");
    const head = make("p", "comment-head");
    head.append(this.name, " ", this.time, " ", this.edited);
    this.tools = make("p", "comment-tools");
    this.tools.append(this.edit, this.remove);
    this.content = make("div", "comment-content");
    this.content.append(head, this.body, this.tools, this.history);
    this.element.append(this.disc, this.content);
  }

  show(comment, { isMine, isHead }) {
    if (this.#comment?.version !== comment.version) this.#fill(comment);
    this.#comment = comment;
    this.edit.hidden = !isMine;
    this.remove.hidden = !(isMine || isHead);
  }

  #fill({ author, bodyHtml, createdAt, editedAt }) {
    const name = author?.name ?? "Former member";
    this.disc.className = "disc";
    paintAvatar(this.disc, { id: author?.userId ?? "", name, avatarUrl: author?.avatarUrl });
    setText(this.name, name);
    showRelative(this.time, createdAt);
    this.edited.hidden = !editedAt;
    this.edit.setAttribute("aria-label", `Edit the comment of ${name}`);
    this.remove.setAttribute("aria-label", `Delete the comment of ${name}`);
    showMarkup(this.body, bodyHtml);
    if (!this.history.hidden) this.#loadHistory();
  }

  #edit() {
    if (this.#form) return this.#form.field.focus();
    this.#base = this.#comment.version;
    const { draft, people, hooks } = this.acts;
    this.#form = new CommentForm({
      label: "Edit the comment", button: "Save", people, draft, hooks, cancel: () => this.#close(),
      send: (body) => this.#save(body),
    });
    if (!draft.load()) this.#form.show(this.#comment.body);
    this.body.hidden = this.tools.hidden = true;
    this.body.after(this.#form.element);
    this.#form.field.focus();
  }

  async #save(body) {
    if (body === this.#comment.body) return this.#close();
    try {
      await this.acts.save(this.#base, body);
      this.#close();
    } catch (error) {
      if (error.code !== "conflict" || !error.current) throw error;
      this.#base = error.current.version;
      this.body.hidden = false; // their words stay in sight, above the field
      showMarkup(this.body, error.current.bodyHtml);
      throw Object.assign(error, { message: CHANGED, errors: [] });
    }
  }

  #close() {
    this.#form.element.remove();
    this.#form = null;
    this.body.hidden = this.tools.hidden = false;
    this.edit.focus();
  }

  async #remove() {
    try {
      await this.acts.remove();
    } catch (error) {
      toast(error.message);
    }
  }

  #toggleHistory() {
    this.history.hidden = !this.history.hidden;
    this.edited.setAttribute("aria-expanded", String(!this.history.hidden));
    if (!this.history.hidden) this.#loadHistory();
  }

  async #loadHistory(cursor = "") {
    try {
      const { items, nextCursor } = await this.acts.history(cursor);
      const shown = items.map(versionItem);
      if (cursor) this.history.lastElementChild.remove();
      const former = cursor ? shown : shown.slice(1); // the first is what it says now
      if (cursor) this.history.append(...former);
      else this.history.replaceChildren(...former);
      if (nextCursor) this.history.append(moreItem(() => this.#loadHistory(nextCursor)));
      announce(`${former.length} earlier ${former.length === 1 ? "version" : "versions"}.`);
    } catch (error) {
      this.history.replaceChildren(Object.assign(make("li"), { textContent: error.message }));
    }
  }
}

function versionItem({ bodyHtml, writtenAt }) {
  const item = make("li", "comment-version");
  const time = make("time", "comment-time");
  showRelative(time, writtenAt);
  const body = make("div", "markdown");
  showMarkup(body, bodyHtml);
  item.append(time, body);
  return item;
}

function moreItem(run) {
  const item = make("li");
  item.append(button("Show more", run));
  return item;
}

function make(tag, className = "") {
  return Object.assign(document.createElement(tag), { className });
}

function button(text, run, className = "comment-tool") {
  const element = Object.assign(make("button", className), { type: "button", textContent: text });
  element.addEventListener("click", run);
  return element;
}
