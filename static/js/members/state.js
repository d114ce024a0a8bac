// What user management knows of its people, and how it says it. Pure.

// As templates/members/macros.html says it; change both or neither.
const WORDS = { active: "Active", inactive: "Not active", disabled: "Disabled" };

export const stateOf = ({ isDisabled, isActive }) => (isDisabled ? "disabled" : isActive ? "active" : "inactive");

export const wordOf = (member) => WORDS[stateOf(member)];

export class Members {
  #members;

  constructor(members) {
    this.#members = new Map(members.map((member) => [member.userId, member]));
  }

  get ids() {
    return [...this.#members.keys()];
  }

  get(id) {
    return this.#members.get(id);
  }

  /** Takes what was told of their activity, or of all of them; answers those who look different now. */
  hear(users) {
    const changed = [];
    for (const user of users) {
      const before = this.#members.get(user.userId);
      if (!before || Object.keys(user).every((key) => before[key] === user[key])) continue;
      const member = { ...before, ...user };
      this.#members.set(user.userId, member);
      changed.push(member);
    }
    return changed;
  }
}

/** "1 person", "3 people" */
export const people = (count) => (count === 1 ? "1 person" : `${count} people`);

/** Minutes as somebody wrote them -> seconds; null for nothing, undefined for what is no number. */
export function secondsOf(text) {
  const trimmed = text.trim().replace(",", ".");
  if (!trimmed) return null;
  const minutes = Number(trimmed);
  return Number.isFinite(minutes) && minutes > 0 ? Math.round(minutes * 60) : undefined;
}

/** What became of many at once: "3 people changed. Lena Head: Make somebody else an owner first." */
export function outcome({ changed, refused }, nameOf) {
  const said = changed.length ? [`${people(changed.length)} changed.`] : ["Nobody was changed."];
  return [...said, ...refused.map(({ userId, detail }) => `${nameOf(userId)}: ${detail}`)].join(" ");
}
