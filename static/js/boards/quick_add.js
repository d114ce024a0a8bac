// What was typed into the form for adding, as titles: one for each line where several are taken. Pure.

export const LONGEST_TITLE = 500;
export const MOST_LINES = 100;

/** {texts, words, problem}: `words` tells before what Enter will do, `problem` why it cannot. */
export function quickAdd(typed, several) {
  if (!several) return { texts: [typed.trim()].filter(Boolean), words: "", problem: "" };
  const texts = typed.split("\n").map((line) => line.trim()).filter(Boolean);
  return { texts, words: texts.length > 1 ? `Adds ${texts.length} tasks, one for each line.` : "", problem: problemOf(texts) };
}

function problemOf(texts) {
  if (texts.length > MOST_LINES) return `These are ${texts.length} lines; add at most ${MOST_LINES} at once.`;
  const long = texts.findIndex((text) => text.length > LONGEST_TITLE);
  if (long < 0) return "";
  const which = texts.length === 1 ? "The title" : `Line ${long + 1}`;
  return `${which} has ${texts[long].length} characters; ${LONGEST_TITLE} are the most.`;
}
