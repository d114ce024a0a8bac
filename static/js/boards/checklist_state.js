// The checklist of a task as a list of {id, text, done, position}: pure.

export const LONGEST_TEXT = 500;

/** The lines of what was typed or pasted, without marks of other lists in front. */
export function linesOf(text) {
  return text.split("\n").map((line) => line.replace(MARK, "").trim()).filter(Boolean);
}

const MARK = /^\s*(?:[-*•]\s+(?:\[[ xX]?\]\s*)?|\d+[.)]\s+)?/;

export const progressOf = (items) => ({ done: items.filter(({ done }) => done).length, total: items.length });

export const withItem = (items, id, changes) => items.map((item) => (item.id === id ? { ...item, ...changes } : item));

/** The item put `steps` places on; null when there is no such place. */
export function moved(items, id, steps) {
  const at = items.findIndex((item) => item.id === id);
  const to = at + steps;
  if (at < 0 || to < 0 || to >= items.length) return null;
  const others = items.filter((item) => item.id !== id);
  return [...others.slice(0, to), items[at], ...others.slice(to)];
}

/** What stands before it: the place as the server takes it. */
export const placeOf = (items, id) => items[items.findIndex((item) => item.id === id) - 1]?.id ?? null;
