// What kind of file it is, and words for what became of it. Pure.

export const FIELDS = [
  ["title", "Title"], ["list", "List"], ["description", "Description"], ["labels", "Labels"], ["assignees", "Assignees"],
  ["priority", "Priority"], ["start", "Start date"], ["due", "Due date"], ["done", "Done"], ["checklist", "Checklist"],
  ["links", "Links"], ["archived", "Archived"],
];
export const OUTCOMES = [["leftOut", "left_out", "left out"], ["changed", "changed", "changed"], ["taken", "taken", "taken"]];
export const MOST_BYTES = 20 * 1024 * 1024 - 10_000; // what the server takes, but for what stands around the file

/** {kind: "trello" | "board" | "csv", data} of a file's bytes; throws an Error that says what is wrong with it. */
export function readFile(name, bytes) {
  if (bytes.byteLength > MOST_BYTES) throw new Error(`${name} is too large: 20 MB is the most.`);
  const text = decode(bytes);
  if (!text.trim()) throw new Error(`${name} is empty.`);
  if (!/\.json$/i.test(name) && !/^\s*[[{]/.test(text)) return { kind: "csv", data: text };
  let data;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new Error(`${name} is not valid JSON: ${error.message}`);
  }
  if (data?.format === "workhub-board") return { kind: "board", data };
  if (Array.isArray(data?.cards) && Array.isArray(data?.lists)) return { kind: "trello", data };
  throw new Error(`${name} is no board: it comes neither from Trello nor from WorkHub.`);
}

/** UTF-8, or what spreadsheets of western Windows write. */
function decode(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

export function nameOf(file, { kind, data }) {
  const plain = file.replace(/\.[^.]+$/, "").slice(0, 200);
  return (kind === "csv" ? plain : typeof data.name === "string" && data.name.trim().slice(0, 200)) || plain;
}

export const KIND_WORDS = { trello: "A board from Trello", board: "A board from WorkHub", csv: "A table" };

/** field -> column, of the choices made for each column ("" for none); a field is taken by the last column that says so. */
export const mappingOf = (choices) =>
  Object.fromEntries(choices.map((field, column) => [field, column]).filter(([field]) => field));

const many = (count, thing) => `${count} ${thing}${count === 1 ? "" : "s"}`;

export function summary({ lists, tasks, boardId }) {
  const what = `${many(tasks, "task")} in ${many(lists, "list")}`;
  return boardId ? `Imported: ${what}` : `This would make a board of ${what}`;
}

/** Lines of one outcome, or of all; what needs attention first. */
export function linesOf(lines, outcome) {
  const rank = (line) => OUTCOMES.findIndex(([, name]) => name === line.outcome);
  const wanted = outcome ? lines.filter((line) => line.outcome === outcome) : lines;
  return [...wanted].sort((a, b) => rank(a) - rank(b));
}

export const outcomeWords = ({ outcome, reason }) => {
  const word = OUTCOMES.find(([, name]) => name === outcome)[2];
  return reason ? `${word}: ${reason}` : word;
};

const STARTS_FORMULA = /^[=+\-@\t\r\n\0]/;
const cell = (text) => `"${(STARTS_FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

/** The report as CSV, in which nothing becomes a formula. */
export function reportCsv(lines) {
  const rows = lines.map(({ kind, name, where, outcome, reason }) => [kind, name, where, outcome.replace("_", " "), reason]);
  return [["what", "name", "where", "outcome", "reason"], ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
