// Which file is what, and what is told of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { linesOf, mappingOf, MOST_BYTES, nameOf, outcomeWords, readFile, reportCsv, summary } from "../../static/js/transfer/state.js";

const bytes = (text) => new TextEncoder().encode(text).buffer;
const read = (name, text) => readFile(name, bytes(text));

test("a file is known by what is in it", () => {
  assert.equal(read("a.json", '{"lists":[],"cards":[]}').kind, "trello");
  assert.equal(read("a.txt", ' {"format":"workhub-board"}').kind, "board");
  assert.deepEqual(read("a.csv", "title\nA"), { kind: "csv", data: "title\nA" });
});

test("what cannot be read is refused with the reason and the file's name", () => {
  assert.throws(() => read("a.json", "{"), /a\.json is not valid JSON/);
  assert.throws(() => read("a.json", "{}"), /a\.json is no board/);
  assert.throws(() => read("a.json", "null"), /a\.json is no board/);
  assert.throws(() => read("a.csv", " \n"), /a\.csv is empty/);
  assert.throws(() => readFile("a.csv", new ArrayBuffer(MOST_BYTES + 1)), /too large/);
});

test("a table from an old spreadsheet keeps its umlauts", () => {
  const latin = new Uint8Array([0x74, 0x0a, 0xfc, 0x6e]).buffer;
  assert.equal(readFile("a.csv", latin).data, "t\nün");
});

test("a board is named by its file when it has no name of its own", () => {
  assert.equal(nameOf("plan.csv", { kind: "csv", data: "" }), "plan");
  assert.equal(nameOf("x.json", { kind: "trello", data: { name: " Launch " } }), "Launch");
  assert.equal(nameOf("x.json", { kind: "trello", data: { name: 7 } }), "x");
});

test("a field is in one column", () => {
  assert.deepEqual(mappingOf(["title", "", "due"]), { title: 0, due: 2 });
});

test("what needs attention stands first", () => {
  const lines = [{ outcome: "taken" }, { outcome: "left_out" }, { outcome: "changed" }];
  assert.deepEqual(linesOf(lines, null).map(({ outcome }) => outcome), ["left_out", "changed", "taken"]);
  assert.deepEqual(linesOf(lines, "changed"), [{ outcome: "changed" }]);
});

test("the outcome is told in words", () => {
  assert.equal(outcomeWords({ outcome: "left_out", reason: "it has no title" }), "left out: it has no title");
  assert.equal(outcomeWords({ outcome: "taken", reason: "" }), "taken");
  assert.equal(summary({ lists: 1, tasks: 2, boardId: null }), "This would make a board of 2 tasks in 1 list");
  assert.equal(summary({ lists: 2, tasks: 1, boardId: "b" }), "Imported: 1 task in 2 lists");
});

test("nothing in a saved report becomes a formula or leaves its cell", () => {
  const csv = reportCsv([{ kind: "task", name: '=1+"1"', where: "a\nb", outcome: "left_out", reason: "-x" }]);
  assert.equal(csv.split("\r\n")[1], `"task","'=1+""1""","a\nb","left out","'-x"`);
});
