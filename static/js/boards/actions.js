// What a person can do on a board: each asks the server and puts the answer into the state at once.
// The same change arrives by the socket too; the state takes every version only once.
import * as api from "../lib/api.js";
import { provisionalPosition } from "./state.js";
import { TaskActions } from "./task_actions.js";

export class BoardActions {
  constructor(state) {
    this.state = state;
    this.path = `/api/boards/${state.board.id}`;
    this.tasks = new TaskActions(state, this.path);
  }

  /** `changes`: of name, color and archived. */
  async changeBoard(changes) {
    const put = ({ name, color, archivedAt, version }) => this.state.putBoard({ name, color, archivedAt, version });
    put(await withCurrent(api.patch(this.path, { ...changes, version: this.state.board.version }), put));
  }

  /** Undoes a deletion, as long as the server keeps it. */
  restoreBoard() {
    return api.post(`${this.path}/restore`);
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
    const position = provisionalPosition(afterListId && this.state.lists.get(afterListId));
    const settle = this.state.expectList(id, (list) => ({ ...list, position }));
    let answer = null;
    try {
      answer = await api.post(`${this.path}/lists/${id}/move`, { afterListId });
    } finally {
      settle(answer);
    }
  }

  /** Off the page with its tasks; they can be found in the archive. */
  async archiveList(id) {
    const { version } = this.state.lists.get(id);
    const archived = await api.patch(`${this.path}/lists/${id}`, { archived: true, version });
    this.state.dropList(id);
    return archived;
  }

  /** The page hears of a gap and loads the board with what is back on it. */
  unarchiveList(id, version) {
    return api.patch(`${this.path}/lists/${id}`, { archived: false, version });
  }

  /** Undoes a deletion, as long as the server keeps it. */
  restoreList(id) {
    return api.post(`${this.path}/lists/${id}/restore`);
  }

  async addLabel(name, color) {
    const label = await api.post(`${this.path}/labels`, { name, color });
    this.#putLabel(label);
    return label;
  }

  async editLabel(id, changes) {
    const { version } = this.state.labels.get(id);
    this.#putLabel(await withCurrent(
      api.patch(`${this.path}/labels/${id}`, { ...changes, version }), (label) => this.#putLabel(label)));
  }

  async removeLabel(id) {
    await api.remove(`${this.path}/labels/${id}`);
    this.state.putLabels([...this.state.labels.values()].filter((label) => label.id !== id));
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

  #putLabel(label) {
    const others = [...this.state.labels.values()].filter(({ id }) => id !== label.id);
    this.state.putLabels([...others, label].sort((a, b) => a.name.localeCompare(b.name)));
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
