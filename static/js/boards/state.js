// A board as this page knows it: what the server sent, plus numbered changes in order, each exactly once. Pure.
// Changes of one's own are put in at once; an older version of a thing never replaces a newer one.

const MOST_WAITING = 1_000;
const byPosition = (a, b) => compareText(a.position, b.position) || compareText(a.id, b.id);
const compareText = (a, b) => (a === b ? 0 : a < b ? -1 : 1);

export class BoardState {
  board = null;
  lists = new Map();
  tasks = new Map();
  members = new Map();
  #seq = 0;
  #waiting = new Map();
  #deleted = new Set(); // neither a change from before the deletion nor a move taken back may bring them back
  #changes = emptyChanges();

  constructor(board) {
    this.load(board);
  }

  get seq() {
    return this.#seq;
  }

  /** Takes the whole board; answers false when it is older than what is known, so that it has to be asked for again. */
  load({ lists, tasks, members, seq, ...board }) {
    if (seq < this.#seq) return false;
    this.#noteAll();
    this.board = board;
    this.lists = byId(lists);
    this.tasks = byId(tasks);
    this.members = new Map(members.map((member) => [member.userId, member]));
    this.#seq = seq;
    this.#deleted.clear();
    this.#noteAll();
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
    this.#put(this.tasks, task, this.#changes.tasks);
  }

  putList(list) {
    this.#put(this.lists, list, this.#changes.lists);
  }

  dropTask(id) {
    this.#deleted.add(id);
    this.#removeTask(id);
  }

  dropList(id) {
    this.#deleted.add(id);
    this.#removeList(id);
  }

  putBoard(board) {
    if (board.version < this.board.version) return;
    this.board = { ...this.board, ...board };
    this.#changes.board = true;
  }

  putMembers(members) {
    this.members = new Map(members.map((member) => [member.userId, member]));
    this.#changes.members = true;
  }

  sortedLists() {
    return [...this.lists.values()].sort(byPosition);
  }

  tasksOf(listId) {
    return [...this.tasks.values()].filter((task) => task.listId === listId).sort(byPosition);
  }

  /** What changed since this was last asked: {tasks, lists: Set of ids, board, members: whether}. */
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

  #apply(event, { task, list, board, members }) {
    if (event === "task_deleted") this.dropTask(task.id);
    else if (event === "list_deleted") this.dropList(list.id);
    else if (task) this.putTask(task);
    else if (list) this.putList(list);
    if (board) this.putBoard(board);
    if (members) this.putMembers(members);
  }

  #put(things, thing, changed) {
    const known = things.get(thing.id);
    if (this.#deleted.has(thing.id) || (known && thing.version < known.version)) return;
    things.set(thing.id, thing);
    changed.add(thing.id);
  }

  #removeTask(id) {
    if (this.tasks.delete(id)) this.#changes.tasks.add(id);
  }

  #removeList(id) {
    if (!this.lists.delete(id)) return;
    this.#changes.lists.add(id);
    for (const task of this.tasks.values()) if (task.listId === id) this.#removeTask(task.id);
  }

  #noteAll() {
    for (const id of this.tasks.keys()) this.#changes.tasks.add(id);
    for (const id of this.lists.keys()) this.#changes.lists.add(id);
    this.#changes.board = this.#changes.members = true;
  }
}

const byId = (things) => new Map(things.map((thing) => [thing.id, thing]));
const emptyChanges = () => ({ tasks: new Set(), lists: new Set(), board: false, members: false });

/** A place after `before` (first when null) until the server names the real one: no key of its alphabet lies between. */
export const provisionalPosition = (before) => (before ? `${before.position} ` : "");
