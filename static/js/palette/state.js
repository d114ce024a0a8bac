// What the palette offers for the words typed, and which of it is chosen. Pure.

const MOST = { Commands: 5, Pages: 5, Boards: 6, Tasks: 8, People: 5 };
const ORDER = ["Commands", "Pages", "Boards", "Tasks", "People"];

/** How well `title` fits: 0 begins with the words, 1 has words that begin like them, 2 has them somewhere; null not. */
export function fit(title, typed) {
  const query = fold(typed).trim();
  const text = fold(title);
  if (text.startsWith(query)) return 0;
  const parts = query.split(/\s+/);
  const words = text.split(/[^\p{L}\p{N}]+/u);
  if (parts.every((part) => words.some((word) => word.startsWith(part)))) return 1;
  return parts.every((part) => text.includes(part)) ? 2 : null;
}

/**
 * `things`: {Commands, Pages, Boards: all there are; Tasks, People: what the server found}, each {id, title, ...}.
 * Answers [{name, items}] without empty groups, and at the end what leads to the page of results.
 */
export function groupsFor(typed, things, moreAt) {
  const query = typed.trim();
  const groups = ORDER.map((name) => {
    const all = things[name] ?? [];
    const isAsked = name === "Tasks" || name === "People";
    return { name, items: (isAsked ? all : best(all, query)).slice(0, MOST[name]) };
  });
  if (query) groups.push({ name: "More", items: [{ id: "more", title: `Search all tasks for “${query}”`, href: moreAt(query) }] });
  return groups.filter(({ items }) => items.length);
}

/** The item an arrow key, Home or End leads to; around the ends. */
export function step(items, current, key) {
  const at = items.findIndex(({ id }) => id === current);
  const next = { ArrowDown: (at + 1) % items.length, ArrowUp: (at - 1 + items.length) % items.length, PageDown: items.length - 1, PageUp: 0 }[key];
  return items[at < 0 && key === "ArrowUp" ? items.length - 1 : next]?.id ?? null;
}

/** The chosen one stays as long as it is offered. */
export function keep(items, current) {
  return items.some(({ id }) => id === current) ? current : items[0]?.id ?? null;
}

function best(all, query) {
  if (!query) return all;
  return all
    .map((item, place) => ({ item, place, fit: fit(item.title, query) }))
    .filter((found) => found.fit !== null)
    .sort((a, b) => a.fit - b.fit || a.place - b.place)
    .map(({ item }) => item);
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
