// The page that imports a board: a file is read here, the server says what becomes of it, and makes it when told to.
import * as api from "../lib/api.js";
import { byId, setText } from "../lib/dom.js";
import { clearErrors, showErrors, showMissing } from "../lib/forms.js";
import { KIND_WORDS, mappingOf, nameOf, readFile, reportCsv } from "./state.js";
import { choices, showColumns, showReport } from "./view.js";

const TIMEOUT_MS = 120_000;
const form = byId("import-form");
const drop = byId("drop");
let file = null; // {kind, data, name} as it was read
let result = null;
let asking = 0; // only the newest question's answer is shown

byId("file").addEventListener("change", ({ target }) => take(target.files[0]));
for (const name of ["dragover", "dragleave", "drop"]) drop.addEventListener(name, dragged);
byId("another").addEventListener("click", startAgain);
byId("date-order").addEventListener("change", preview);
form.elements.organizationId?.addEventListener("change", preview);
byId("save-report").addEventListener("click", saveReport);
form.addEventListener("submit", makeBoard);
take(byId("file").files[0]); // chosen before this was there

function dragged(event) {
  event.preventDefault();
  drop.classList.toggle("is-over", event.type === "dragover");
  if (event.type === "drop") take(event.dataTransfer.files[0]);
}

async function take(chosen) {
  if (!chosen) return;
  const problem = byId("file-error");
  problem.hidden = true;
  try {
    file = { ...readFile(chosen.name, await chosen.arrayBuffer()), name: chosen.name };
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
    return;
  } finally {
    byId("file").value = ""; // the same file may be chosen again
  }
  drop.hidden = true;
  form.hidden = false;
  byId("mapping").hidden = byId("date-order-field").hidden = true;
  form.elements.name.value = nameOf(file.name, file);
  setText(byId("file-title"), `${KIND_WORDS[file.kind]}: ${file.name}`);
  byId("file-title").focus();
  await preview();
}

/** What the server would make of it; of a table also how it is read. */
async function preview() {
  const columnsAreShown = !byId("mapping").hidden;
  const answer = await ask(true);
  if (!answer) return;
  if (file.kind === "csv" && !columnsAreShown) {
    showColumns(answer, preview);
    byId("date-order-field").hidden = false;
    byId("date-order").value = answer.dateOrder;
  }
  show(answer);
}

async function makeBoard(event) {
  event.preventDefault();
  if (showMissing(form, "name", "Give the board a name.")) return;
  byId("import-button").disabled = true;
  const answer = await ask(false);
  byId("import-button").disabled = false;
  if (!answer) return;
  byId("import-button").hidden = true;
  byId("mapping").hidden = byId("date-order-field").hidden = true;
  form.elements.name.readOnly = true;
  byId("open-board").href = `/boards/${answer.boardId}`;
  byId("open-board").hidden = false;
  show(answer);
  byId("report-title").focus();
}

/** The answer, or nothing when it was refused (which is shown then) or asked again meanwhile. */
async function ask(isPreview) {
  const mine = ++asking;
  clearErrors(form);
  setText(byId("transfer-state"), isPreview ? "Reading the file…" : "Importing…");
  try {
    const answer = await api.post(`/api/imports/${file.kind}`, question(isPreview), { timeout: TIMEOUT_MS });
    return mine === asking ? answer : null;
  } catch (error) {
    if (mine === asking) showErrors(form, error);
    return null;
  } finally {
    if (mine === asking) setText(byId("transfer-state"), "");
  }
}

function question(isPreview) {
  const asked = { name: form.elements.name.value.trim() || file.name, preview: isPreview };
  const organizationId = form.elements.organizationId?.value;
  if (organizationId) asked.organizationId = organizationId;
  if (file.kind !== "csv") return { ...asked, board: file.data };
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (byId("mapping").hidden) return { ...asked, text: file.data, timeZone };
  return { ...asked, text: file.data, timeZone, mapping: mappingOf(choices()), dateOrder: byId("date-order").value };
}

function show(answer) {
  result = answer;
  byId("save-report").hidden = false;
  filter(null);
}

function filter(outcome) {
  showReport(result, outcome, filter);
}

function saveReport() {
  const url = URL.createObjectURL(new Blob([reportCsv(result.lines)], { type: "text/csv" }));
  Object.assign(document.createElement("a"), { href: url, download: `${result.name} import report.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}

function startAgain() {
  asking += 1;
  form.reset();
  form.elements.name.readOnly = false;
  clearErrors(form);
  for (const id of ["open-board", "save-report", "report"]) byId(id).hidden = true;
  byId("import-button").hidden = false;
  form.hidden = true;
  drop.hidden = false;
  byId("file").focus();
}
