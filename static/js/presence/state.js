// A team's presence as the server tells it: one snapshot, then numbered deltas. Pure: no page, no clock.
// Deltas that come before the snapshot wait, old ones are ignored, a hole in the numbers asks for a new snapshot.

const MOST_WAITING = 1_000;

export class PresenceState {
  members = new Map();
  #seq = null; // of the last message applied; null while a snapshot is awaited
  #waiting = new Map();

  /** Forgets the numbering, not the people: after a reconnect the numbers may start anew. */
  awaitSnapshot() {
    this.#seq = null;
    this.#waiting.clear();
  }

  get isLive() {
    return this.#seq !== null;
  }

  /** Takes a presence_dashboard message; answers {changed: ids to show again, gap: a new snapshot is needed}. */
  receive(message) {
    if (message.kind === "snapshot") return this.#takeSnapshot(message);
    if (this.#seq !== null && message.seq <= this.#seq) return { changed: [], gap: false };
    if (this.#seq !== null && message.seq === this.#seq + 1) return this.#applyFrom(message);
    const gap = this.#seq !== null;
    if (gap) this.awaitSnapshot();
    if (this.#waiting.size < MOST_WAITING) this.#waiting.set(message.seq, message);
    return { changed: [], gap };
  }

  #takeSnapshot({ seq, members }) {
    const changed = new Set(this.members.keys());
    this.members = new Map(members.map((member) => [member.userId, member]));
    for (const id of this.members.keys()) changed.add(id);
    this.#seq = seq;
    return this.#drain(changed);
  }

  #applyFrom(delta) {
    const changed = new Set();
    this.#apply(delta, changed);
    return this.#drain(changed);
  }

  /** Applies the waiting deltas that follow; what is left over with a hole before it means a gap. */
  #drain(changed) {
    for (const seq of this.#waiting.keys()) if (seq <= this.#seq) this.#waiting.delete(seq);
    for (let next; (next = this.#waiting.get(this.#seq + 1)); ) {
      this.#waiting.delete(next.seq);
      this.#apply(next, changed);
    }
    const gap = this.#waiting.size > 0;
    if (gap) this.#seq = null;
    return { changed: [...changed], gap };
  }

  #apply({ seq, members = [], removed = [] }, changed) {
    for (const member of members) {
      this.members.set(member.userId, member);
      changed.add(member.userId);
    }
    for (const id of removed) {
      this.members.delete(id);
      changed.add(id);
    }
    this.#seq = seq;
  }
}
