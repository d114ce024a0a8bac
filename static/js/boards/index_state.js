// Pure: which boards of the page a search finds, and how that is told.

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** Every word of the search stands somewhere in the name; accents and case do not matter. */
export function matches(name, search) {
  const inside = plain(name);
  return plain(search).split(/\s+/u).every((word) => inside.includes(word));
}

export function foundWords(count, search) {
  if (!search.trim()) return "";
  if (count === 0) return `No board is called “${search.trim()}”.`;
  return count === 1 ? "1 board found." : `${count} boards found.`;
}
