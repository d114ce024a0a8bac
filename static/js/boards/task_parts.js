// What hangs on the open task and comes after it: fetched when it opens, kept current by what others change.
import * as api from "../lib/api.js";
import { toast } from "../lib/announce.js";
import { byId, setText } from "../lib/dom.js";
import { Checklist } from "./checklist.js";
import { TaskComments } from "./task_comments.js";
import { Feed } from "./task_feed.js";
import { Links } from "./task_links.js";
import { TaskPeople } from "./task_people.js";

export class TaskParts {
  #taskId = null;
  #asked = 0;
  #watch = byId("task-watch");

  /** `hooks`: onMarkup(markdown, html), me, and those of TaskComments. */
  constructor(state, actions, hooks) {
    Object.assign(this, { state, actions, hooks });
    const path = () => `${actions.tasks.path}/${this.#taskId}`;
    this.checklist = new Checklist(path);
    this.links = new Links(path);
    this.feed = new Feed(path, state);
    this.people = new TaskPeople(state, actions);
    this.comments = new TaskComments(state, { ...hooks, onAdded: () => this.#commented() });
    this.#watch.addEventListener("click", () => this.#toggleWatch());
  }

  open(taskId) {
    this.#taskId = taskId;
    this.checklist.show([]);
    this.links.show([]);
    this.feed.close();
    this.#showWatch(null);
    this.people.show(this.state.tasks.get(taskId));
    this.comments.open(taskId);
    this.load();
  }

  close() {
    this.#taskId = null;
    this.comments.close();
  }

  /** Everything anew, also after changes were missed. */
  async load() {
    const asked = ++this.#asked;
    const id = this.#taskId;
    try {
      const { task, descriptionHtml, checklist, links, ...watching } = await api.get(`${this.actions.tasks.path}/${id}`);
      if (asked !== this.#asked || id !== this.#taskId) return;
      this.hooks.onMarkup(task.description, descriptionHtml);
      this.checklist.show(checklist);
      this.links.show(links);
      this.#showWatch(watching);
    } catch (error) {
      if (id !== this.#taskId || !this.state.tasks.has(id)) return;
      toast(`Not all of this task could be loaded. ${error.message}`, { label: "Try again", run: () => this.load() });
    }
  }

  /** `changes` as of BoardState.takeChanges(). */
  hear({ tasks, labels, members, all, details }) {
    if (!this.#taskId) return;
    const task = this.state.tasks.get(this.#taskId);
    if (task && (labels || members || tasks.has(task.id))) this.people.show(task);
    const { checklist, links } = details.get(this.#taskId) ?? {};
    if (checklist) this.checklist.show(checklist);
    if (links) this.links.show(links);
    if (tasks.has(this.#taskId)) this.feed.hearNews();
    if (all) this.load();
  }

  /** Who comments watches the task from then on. */
  #commented() {
    const before = this.#watching;
    if (!before || before.isWatching) return;
    this.#showWatch({ isWatching: true, watcherIds: [...before.watcherIds, this.hooks.me] });
  }

  async #toggleWatch() {
    const before = this.#watching;
    const mine = this.hooks.me;
    const others = before.watcherIds.filter((id) => id !== mine);
    const after = { isWatching: !before.isWatching, watcherIds: before.isWatching ? others : [...others, mine] };
    const path = `${this.actions.tasks.path}/${this.#taskId}/watch`;
    this.#showWatch(after);
    try {
      await (after.isWatching ? api.put(path) : api.remove(path));
    } catch (error) {
      this.#showWatch(before);
      toast(error.message);
    }
  }

  #watching = null;

  #showWatch(watching) {
    this.#watching = watching;
    this.#watch.disabled = !watching;
    const { isWatching = false, watcherIds = [] } = watching ?? {};
    this.#watch.setAttribute("aria-pressed", String(isWatching));
    const names = watcherIds.map((id) => this.state.members.get(id)?.name).filter(Boolean);
    this.#watch.title = names.length ? `Watching: ${names.join(", ")}` : "Who watches hears of what happens here";
    setText(this.#watch.lastElementChild, `${isWatching ? "Watching" : "Watch"}${names.length ? ` ${names.length}` : ""}`);
  }
}
