// The comments of a task as this page knows them, and mentions while they are typed. Pure.
// In a text the server keeps, a mention is @[Name](user:id); in a field it is @Name, as people write it.

const MENTION = /@\[([^\]\n]*)\]\(user:([0-9a-f-]{36})\)/gi;
const LONGEST_QUERY = 40;
const byTime = (a, b) => compare(a.createdAt, b.createdAt) || compare(a.id, b.id);
const compare = (a, b) => (a === b ? 0 : a < b ? -1 : 1);

/** Comments by version: news and answers come in any order, and what was deleted does not come back. */
export class Comments {
  #known = new Map();
  #deleted = new Set();

  /** Answers whether that changed something. */
  put(comment) {
    const known = this.#known.get(comment.id);
    if (this.#deleted.has(comment.id) || (known && comment.version <= known.version)) return false;
    this.#known.set(comment.id, comment);
    return true;
  }

  drop(id) {
    this.#deleted.add(id);
    return this.#known.delete(id);
  }

  /** Takes the newest page again: what it should hold and does not was deleted meanwhile. */
  renew(items, isWhole) {
    const there = new Set(items.map(({ id }) => id));
    const oldest = items.at(-1);
    for (const comment of [...this.#known.values()]) {
      if (!there.has(comment.id) && (isWhole || (oldest && byTime(comment, oldest) > 0))) this.#known.delete(comment.id);
    }
    for (const comment of items) this.put(comment);
  }

  get(id) {
    return this.#known.get(id);
  }

  /** The oldest first. */
  sorted() {
    return [...this.#known.values()].sort(byTime);
  }
}

/** The name that is being typed before the caret: {start, query}, or null. */
export function mentionAt(text, caret) {
  const start = text.lastIndexOf("@", caret - 1);
  if (start < 0 || (start > 0 && /[\p{L}\p{N}_]/u.test(text[start - 1]))) return null;
  const query = text.slice(start + 1, caret);
  if (query.length > LONGEST_QUERY || /[\n@]|^\s|\s\s/.test(query)) return null;
  return { start, query };
}

/** Those whose name, or a word of it, begins with what was typed; by name. */
export function matching(people, query, most = 6) {
  const wanted = fold(query);
  const score = ({ name }) => {
    const folded = fold(name);
    if (folded.startsWith(wanted)) return 0;
    return folded.split(/\s+/).some((word) => word.startsWith(wanted)) ? 1 : 2;
  };
  return people
    .map((person) => ({ person, score: score(person) }))
    .filter((each) => each.score < 2)
    .sort((a, b) => a.score - b.score || a.person.name.localeCompare(b.person.name))
    .slice(0, most)
    .map(({ person }) => person);
}

/** {text, caret} with the person's name instead of what was typed of it. */
export function complete(text, caret, { start }, person) {
  const name = `@${person.name} `;
  const rest = text.slice(caret).replace(/^ /, "");
  return { text: text.slice(0, start) + name + rest, caret: start + name.length };
}

/** As the server keeps it: whole names of `people` behind an @ become mentions, the longest first. `chosen` maps a name that several have to the id that was chosen. */
export function encode(text, people, chosen = new Map()) {
  const byName = new Map();
  for (const person of people) {
    if (person.name && !byName.has(person.name)) byName.set(person.name, chosen.get(person.name) ?? person.userId);
  }
  const names = [...byName.keys()].sort((a, b) => b.length - a.length);
  if (!names.length) return text;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])@(${names.map(escape).join("|")})(?![\\p{L}\\p{N}_])`, "gu");
  return text.replace(pattern, (_, name) => `@[${name.replace(/[[\]\\\n]/g, " ")}](user:${byName.get(name)})`);
}

/** {text, chosen}: as people write it. Somebody who is not in `people` any more stays as the server has it. */
export function decode(body, people) {
  const names = new Map(people.map(({ userId, name }) => [userId, name]));
  const chosen = new Map();
  const text = body.replace(MENTION, (whole, _label, id) => {
    const name = names.get(id.toLowerCase());
    if (name === undefined) return whole;
    chosen.set(name, id.toLowerCase());
    return `@${name}`;
  });
  return { text, chosen };
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
