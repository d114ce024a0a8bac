// Which entries a filter leaves: pure.

/** Every word of `query` stands in `text`, in any case and order. */
export function fits(text, query) {
  const lower = text.toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => lower.includes(word));
}

/** What is announced: nothing while nothing is filtered. */
export function countWords(found, query) {
  if (!query.trim()) return "";
  if (!found) return "Nothing has these words.";
  return found === 1 ? "1 entry" : `${found} entries`;
}
