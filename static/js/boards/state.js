// A board as this page knows it: what the server sent, plus numbered changes in order, each exactly once. Pure.
// Changes of one's own are shown at once; an older version of a thing never replaces a newer one.
import { Things } from "./things.js";

const MOST_WAITING = 1_000;
export const byPosition = (a, b) => compareText(a.position, b.position) || compareText(a.id, b.id);
const compareText = (a, b) => (a === b ? 0 : a < b ? -1 : 1);

export class BoardState {
  board = null;
  members = new Map();
  labels = new Map();
  #seq = 0;
  #waiting = new Map();
  #changes = emptyChanges();
  #lists = new Things((id) => this.#note(() => this.#changes.lists.add(id)));
  #tasks = new Things((id) => this.#note(() => this.#changes.tasks.add(id)));
  onChange = () => {}; // called at every change, also several times for one

  constructor(board) {
    this.load(board);
  }

  get seq() {
    return this.#seq;
  }

  get lists() {
    return this.#lists.shown;
  }

  get tasks() {
    return this.#tasks.shown;
  }

  /** Takes the whole board; answers false when it is older than what is known, so that it has to be asked for again. */
  load({ lists, tasks, members, labels = [], seq, ...board }) {
    if (seq < this.#seq) return false;
    this.board = board;
    this.#lists.load(lists);
    this.#tasks.load(tasks);
    this.members = new Map(members.map((member) => [member.userId, member]));
    this.putLabels(labels);
    this.#seq = seq;
    this.#note((changes) => { changes.board = changes.members = changes.all = true; });
    this.#drain();
    return true;
  }

  /** Takes a numbered change; answers true when one before it is missing, so that the board has to be loaded again. */
  receive(event, payload) {
    if (payload.seq <= this.#seq) return false;
    this.#waiting.set(payload.seq, { event, payload });
    this.#drain();
    const missing = this.hasGap;
    if (this.#waiting.size > MOST_WAITING) this.#waiting.clear();
    return missing;
  }

  /** Whether changes wait for one that is missing. */
  get hasGap() {
    return this.#waiting.size > 0;
  }

  putTask(task) {
    this.#tasks.put(task);
  }

  putList(list) {
    this.#lists.put(list);
  }

  /** Shows one's own change at once; see Things.expect. */
  expectTask(id, change) {
    return this.#tasks.expect(id, change);
  }

  expectList(id, change) {
    return this.#lists.expect(id, change);
  }

  dropTask(id) {
    this.#tasks.drop(id);
  }

  dropList(id) {
    this.#lists.drop(id);
    for (const task of this.tasks.values()) if (task.listId === id) this.dropTask(task.id);
  }

  /** Its deletion was undone. */
  restoreTask(task) {
    this.#tasks.welcome(task.id);
    this.#tasks.put(task);
  }

  putLabels(labels) {
    this.labels = new Map(labels.map((label) => [label.id, label]));
    this.#note((changes) => { changes.labels = true; });
  }

  putBoard(board) {
    if (board.version < this.board.version) return;
    this.board = { ...this.board, ...board };
    this.#note((changes) => { changes.board = true; });
  }

  putMembers(members) {
    this.members = new Map(members.map((member) => [member.userId, member]));
    this.#note((changes) => { changes.members = true; });
  }

  sortedLists() {
    return [...this.lists.values()].sort(byPosition);
  }

  tasksOf(listId) {
    return [...this.tasks.values()].filter((task) => task.listId === listId).sort(byPosition);
  }

  /**
   * What changed since this was last asked: {tasks, lists: Set of ids, board, members, labels: whether, all: whether
   * the board was loaded, details: Map of task id -> {checklist?, links?}, comments: [{event, task, comment}]}.
   */
  takeChanges() {
    const changes = this.#changes;
    this.#changes = emptyChanges();
    return changes;
  }

  #drain() {
    for (const seq of this.#waiting.keys()) if (seq <= this.#seq) this.#waiting.delete(seq);
    for (let next; (next = this.#waiting.get(this.#seq + 1)); ) {
      this.#waiting.delete(next.payload.seq);
      this.#apply(next.event, next.payload);
      this.#seq = next.payload.seq;
    }
  }

  #apply(event, { task, list, board, members, labels, checklist, links, comment }) {
    if (event === "task_deleted") this.dropTask(task.id);
    else if (event === "list_deleted") this.dropList(list.id);
    else if (task) this.#hearTask(event, task);
    else if (list) this.#hearList(event, list);
    if (board) this.putBoard(board);
    if (members) this.putMembers(members);
    if (labels) this.putLabels(labels);
    if (checklist || links) this.#noteDetails(task.id, { ...(checklist && { checklist }), ...(links && { links }) });
    if (comment) this.#changes.comments.push({ event, task, comment });
  }

  #hearTask(event, task) {
    if (event === "task_created") this.#tasks.welcome(task.id);
    this.#tasks.hear(task);
  }

  #hearList(event, list) {
    if (event === "list_created") this.#lists.welcome(list.id);
    this.#lists.hear(list);
    if (!list.archivedAt) return;
    for (const task of this.tasks.values()) if (task.listId === list.id) this.dropTask(task.id);
  }

  #note(write) {
    write(this.#changes);
    this.onChange();
  }

  #noteDetails(id, details) {
    this.#changes.details.set(id, { ...this.#changes.details.get(id), ...details });
  }
}

const emptyChanges = () => ({
  tasks: new Set(), lists: new Set(), board: false, members: false, labels: false, all: false,
  details: new Map(), comments: [],
});

/** A place after `before` (first when null) until the server names the real one: no key of its alphabet lies between. */
export const provisionalPosition = (before) => (before ? `${before.position} ` : "");
