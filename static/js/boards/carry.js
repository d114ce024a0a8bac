// Where a task or a list stands while it is carried with the arrow keys, and in words. Pure.

/**
 * `columns`: [{id, name, ids}] in their order, `ids` those one can see, without the carried one.
 * `at`: {listId, index}; answers the next place, or null where there is none in this direction.
 */
export function nextPlace(columns, { listId, index }, key) {
  const here = columns.findIndex(({ id }) => id === listId);
  const { length } = columns[here].ids;
  if (key === "ArrowUp") return index > 0 ? { listId, index: index - 1 } : null;
  if (key === "ArrowDown") return index < length ? { listId, index: index + 1 } : null;
  if (key === "Home") return { listId, index: 0 };
  if (key === "End") return { listId, index: length };
  const column = columns[here + { ArrowLeft: -1, ArrowRight: 1 }[key]];
  return column ? { listId: column.id, index: Math.min(index, column.ids.length) } : null;
}

/** The same for a list among `others`, the lists without it. */
export function nextIndex(others, index, key) {
  const next = { ArrowLeft: index - 1, ArrowUp: index - 1, ArrowRight: index + 1, ArrowDown: index + 1, Home: 0, End: others.length }[key];
  return next >= 0 && next <= others.length ? next : null;
}

/**
 * Behind which of `all` it comes, to stand at `index` among those that are `shown` (a filter hides the others); null
 * for the first place. It stays beside what one sees: behind the one before it, else ahead of the one after it.
 */
export function behind(all, shown, index) {
  if (index > 0) return shown[index - 1];
  if (!shown.length) return all.at(-1) ?? null;
  return all[all.indexOf(shown[0]) - 1] ?? null;
}

export const placeWords = (columns, { listId, index }) => {
  const { name, ids } = columns.find(({ id }) => id === listId);
  return `${name}, position ${index + 1} of ${ids.length + 1}`;
};

/** To which card (or, as null, to which list's name) an arrow key leads from there; index -1 is the list's name. */
export function nextCard(columns, { listId, index }, key) {
  const here = columns.findIndex(({ id }) => id === listId);
  const { ids } = columns[here];
  if (key === "ArrowUp") return index >= 0 ? { listId, index: index - 1 } : null;
  if (key === "ArrowDown") return index < ids.length - 1 ? { listId, index: index + 1 } : null;
  if (key === "Home") return { listId, index: ids.length ? 0 : -1 };
  if (key === "End") return { listId, index: ids.length - 1 };
  const column = columns[here + { ArrowLeft: -1, ArrowRight: 1 }[key]];
  return column ? { listId: column.id, index: Math.min(index, column.ids.length - 1) } : null;
}
