// What a person can do with tasks: shown at once, asked of the server, and taken back when it refuses.
// The same change arrives by the socket too; the state knows which of both is newer.
import * as api from "../lib/api.js";
import { provisionalPosition } from "./state.js";

export const MOST_AT_ONCE = 200; // of POST .../tasks/bulk

export class TaskActions {
  leavings = new Set(); // ids of tasks deleted or archived here: the news of it often comes before the answer

  /** `path` is that of the board's interface, `/api/boards/{id}`. */
  constructor(state, path) {
    this.state = state;
    this.path = `${path}/tasks`;
  }

  async add(listId, title) {
    const task = await api.post(this.path, { listId, title });
    this.state.putTask(task);
    return task;
  }

  async addSeveral(listId, titles) {
    const { items } = await api.post(`${this.path}/batch`, { listId, titles });
    for (const task of items) this.state.putTask(task);
    return items;
  }

  /** For words: throws a conflict with `current` when the version is stale. */
  async save(id, changes, version) {
    const task = await api.patch(`${this.path}/${id}`, { ...changes, version });
    this.state.putTask(task);
    return task;
  }

  /** For what is a choice and not words: the last one to choose wins. `change` says how the task looks with it. */
  set(id, changes, change) {
    const { version } = this.state.tasks.get(id);
    return this.#expecting(id, change, async () => {
      try {
        return await api.patch(`${this.path}/${id}`, { ...changes, version });
      } catch (error) {
        if (!error.current) throw error;
        return api.patch(`${this.path}/${id}`, { ...changes, version: error.current.version });
      }
    });
  }

  complete(id, completed) {
    const completedAt = completed ? new Date().toISOString() : null;
    return this.set(id, { completed }, (task) => ({ ...task, completedAt }));
  }

  archive(id) {
    this.leavings.add(id);
    return this.set(id, { archived: true }, () => null);
  }

  async unarchive(id, version) {
    this.state.putTask(await api.patch(`${this.path}/${id}`, { archived: false, version }));
    this.leavings.delete(id);
  }

  setLabel(id, labelId, on) {
    return this.#setAmong(id, "labelIds", labelId, on, "labels");
  }

  setAssignee(id, userId, on) {
    return this.#setAmong(id, "assigneeIds", userId, on, "assignees");
  }

  move(id, listId, afterTaskId) {
    const after = afterTaskId && this.state.tasks.get(afterTaskId);
    const place = { listId, position: provisionalPosition(after) };
    return this.#expecting(id, (task) => ({ ...task, ...place }),
      () => api.post(`${this.path}/${id}/move`, { listId, afterTaskId }));
  }

  async copy(id) {
    const { listId } = this.state.tasks.get(id);
    const task = await api.post(`${this.path}/${id}/copy`, { listId, afterTaskId: id });
    this.state.putTask(task);
    return task;
  }

  async remove(id) {
    this.leavings.add(id);
    await this.#expecting(id, () => null, () => api.remove(`${this.path}/${id}`));
    this.state.dropTask(id);
  }

  /** Undoes a deletion, as long as the server keeps it. */
  async restore(id) {
    this.state.restoreTask(await api.post(`${this.path}/${id}/restore`));
    this.leavings.delete(id);
  }

  /** The same for many tasks: all of them or none (of each two hundred). */
  async setMany(ids, changes) {
    for (let start = 0; start < ids.length; start += MOST_AT_ONCE) {
      const taskIds = ids.slice(start, start + MOST_AT_ONCE);
      if (changes.deleted || changes.archived) for (const id of taskIds) this.leavings.add(id);
      const { items } = await api.post(`${this.path}/bulk`, { taskIds, ...changes });
      for (const task of items) this.state.putTask(task);
      if (changes.archived === false) for (const id of taskIds) this.leavings.delete(id);
      if (changes.deleted) for (const id of taskIds) this.state.dropTask(id);
    }
  }

  #setAmong(id, field, member, on, part) {
    const others = (task) => (task[field] ?? []).filter((one) => one !== member);
    const change = (task) => ({ ...task, [field]: on ? [...others(task), member] : others(task) });
    const path = `${this.path}/${id}/${part}/${member}`;
    return this.#expecting(id, change, () => (on ? api.put(path) : api.remove(path)));
  }

  async #expecting(id, change, ask) {
    const settle = this.state.expectTask(id, change);
    let answer = null;
    try {
      return answer = await ask();
    } finally {
      settle(answer);
    }
  }
}
