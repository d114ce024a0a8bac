// What somebody has to do, as this page knows it: what the server sent, and what was changed here since. Pure.
import { BUCKETS, bucketOf } from "./rules.js";

const PRIORITIES = ["urgent", "high", "medium", "low", "none"];

export class WorkState {
  tasks = new Map();
  done = new Map(); // ticked on this page, so that a slip can be taken back
  #counts = {};
  #loaded = {};

  constructor(view) {
    this.load(view);
  }

  load(view) {
    this.tasks = new Map(BUCKETS.flatMap((name) => view[name].map((task) => [task.id, task])));
    this.#counts = view.counts;
    this.#loaded = Object.fromEntries(BUCKETS.map((name) => [name, view[name].length]));
    for (const id of this.tasks.keys()) this.done.delete(id); // opened again, here or elsewhere
  }

  find(id) {
    return this.tasks.get(id) ?? this.done.get(id);
  }

  /** Takes the fields that a task has here from an answer about it; an older version changes nothing. */
  put(id, answer) {
    const task = this.find(id);
    if (!task || answer.version < task.version) return;
    const known = Object.keys(task).filter((key) => key in answer);
    const next = { ...task, ...Object.fromEntries(known.map((key) => [key, answer[key]])) };
    this.tasks.delete(id);
    this.done.delete(id);
    (next.completedAt ? this.done : this.tasks).set(id, next);
  }

  drop(id) {
    this.tasks.delete(id);
    this.done.delete(id);
  }

  /** By bucket, `tasks` in their order, the `count` of all there are, and whether there are `more` than these. */
  arrange(now, formats, weekStart) {
    const found = Object.fromEntries(BUCKETS.map((name) => [name, []]));
    for (const task of this.tasks.values()) found[bucketOf(task.dueAt, now, formats, weekStart)].push(task);
    return Object.fromEntries(BUCKETS.map((name) => {
      const tasks = found[name].sort(byDate);
      const beyond = (this.#counts[name] ?? 0) - this.#loaded[name];
      return [name, { tasks, count: tasks.length + beyond, more: beyond > 0 }];
    }));
  }

  get isEmpty() {
    return this.tasks.size === 0 && this.done.size === 0;
  }
}

function byDate(a, b) {
  return compare(a.dueAt ?? "", b.dueAt ?? "")
    || PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority)
    || compare(a.id, b.id);
}

const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1);
