// What a person can do on a board: each asks the server and puts the answer into the state at once.
// The same change arrives by the socket too; the state takes every version only once.
import * as api from "../lib/api.js";
import { provisionalPosition } from "./state.js";

export class BoardActions {
  deletions = new Set(); // ids of tasks deleted here: the news of it often comes before the answer

  constructor(state) {
    this.state = state;
    this.path = `/api/boards/${state.board.id}`;
  }

  async renameBoard(name) {
    const put = (board) => this.state.putBoard({ name: board.name, version: board.version });
    put(await withCurrent(api.patch(this.path, { name, version: this.state.board.version }), put));
  }

  deleteBoard() {
    return api.remove(this.path);
  }

  async addList(name) {
    const list = await api.post(`${this.path}/lists`, { name });
    this.state.putList(list);
    return list;
  }

  async renameList(id, name) {
    const put = (list) => this.state.putList(list);
    const { version } = this.state.lists.get(id);
    put(await withCurrent(api.patch(`${this.path}/lists/${id}`, { name, version }), put));
  }

  async deleteList(id) {
    await api.remove(`${this.path}/lists/${id}`);
    this.state.dropList(id);
  }

  async moveList(id, afterListId) {
    const before = this.state.lists.get(id);
    const after = afterListId && this.state.lists.get(afterListId);
    this.state.putList({ ...before, position: provisionalPosition(after) });
    try {
      this.state.putList(await api.post(`${this.path}/lists/${id}/move`, { afterListId }));
    } catch (error) {
      this.state.putList(before);
      throw error;
    }
  }

  async addTask(listId, title) {
    const task = await api.post(`${this.path}/tasks`, { listId, title });
    this.state.putTask(task);
    return task;
  }

  /** Throws a conflict with `current` when the version is stale. */
  async saveTask(id, changes, version) {
    const task = await api.patch(`${this.path}/tasks/${id}`, { ...changes, version });
    this.state.putTask(task);
    return task;
  }

  async deleteTask(id) {
    this.deletions.add(id);
    await api.remove(`${this.path}/tasks/${id}`);
    this.state.dropTask(id);
  }

  /** Shows the new place at once and takes it back when the server refuses. */
  async moveTask(id, listId, afterTaskId) {
    const before = this.state.tasks.get(id);
    const after = afterTaskId && this.state.tasks.get(afterTaskId);
    this.state.putTask({ ...before, listId, position: provisionalPosition(after) });
    try {
      this.state.putTask(await api.post(`${this.path}/tasks/${id}/move`, { listId, afterTaskId }));
    } catch (error) {
      this.state.putTask(before);
      throw error;
    }
  }

  async addMember(email, role) {
    const member = await api.post(`${this.path}/members`, { email, role });
    this.#setMember(member);
    return member;
  }

  async setRole(userId, role) {
    this.#setMember(await api.patch(`${this.path}/members/${userId}`, { role }));
  }

  async removeMember(userId) {
    await api.remove(`${this.path}/members/${userId}`);
    this.state.putMembers([...this.state.members.values()].filter((member) => member.userId !== userId));
  }

  #setMember(member) {
    const others = [...this.state.members.values()].filter(({ userId }) => userId !== member.userId);
    this.state.putMembers([...others, member].sort((a, b) => a.name.localeCompare(b.name)));
  }
}

/** A refused stale name brings the current one along: it is shown, and the next try goes by its version. */
async function withCurrent(request, put) {
  try {
    return await request;
  } catch (error) {
    if (error.current) put(error.current);
    throw error;
  }
}
