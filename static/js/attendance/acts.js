// What owners and admins do on the page: correct a session, delete what is filtered and take it back, close a period.
import * as api from "../lib/api.js";
import { announce, toast } from "../lib/announce.js";
import { openDialog } from "../lib/dialog.js";
import { now } from "../lib/clock.js";
import { byId, setText } from "../lib/dom.js";
import { clearErrors, showErrors, showMissing } from "../lib/forms.js";
import { apiQuery, dayWords, daysOf, deletionState, deletionWords, grouped, momentOf } from "./state.js";

const UNDO_MS = 600_000;
const FOLLOW_MS = 1_000;

/** `onDone` asks for what the page shows again. */
export function wireCorrections(formats, onDone) {
  const form = byId("correct-form");
  let session = null;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (showMissing(form, "clockInAt", "Say when the session began.")) return;
    if (session.clockOutAt && showMissing(form, "clockOutAt", "Say when the session ended.")) return;
    if (showMissing(form, "reason", "Say why.")) return;
    const patch = { reason: form.elements.reason.value, version: session.version };
    for (const name of ["clockInAt", "clockOutAt"]) {
      const { value } = form.elements[name];
      if (session[name] && value !== shown(session[name])) patch[name] = momentOf(value, formats);
    }
    try {
      await api.patch(`/api/attendance/sessions/${session.id}`, patch);
      byId("correct-dialog").close();
      announce("The session was corrected.");
      onDone();
    } catch (error) {
      showErrors(form, error);
    }
  });
  const shown = (moment) => formats.wall(new Date(moment));
  return (chosen) => {
    session = chosen;
    clearErrors(form);
    form.reset();
    form.elements.clockInAt.value = shown(chosen.clockInAt);
    form.elements.clockOutAt.value = chosen.clockOutAt ? shown(chosen.clockOutAt) : "";
    byId("correct-out-field").hidden = !chosen.clockOutAt;
    openDialog(byId("correct-dialog"));
    form.elements.reason.focus();
  };
}

/** `filters()` are those shown now. */
export function wireDeletion(about, filters, onDone) {
  const form = byId("delete-form");
  let asked = null;
  byId("delete-button").addEventListener("click", async () => {
    try {
      const query = apiQuery(filters(), about);
      const counted = await api.get(`/api/attendance/count?${query}`);
      asked = { query, sessions: counted.sessions };
      clearErrors(form);
      form.reset();
      setText(byId("delete-text"), deletionWords(counted, filters(), daysOf(filters(), about.today)));
      setText(byId("delete-label"), `Type ${grouped(counted.sessions)} to delete them`);
      const canDelete = counted.sessions > 0 && counted.locked === 0;
      for (const id of ["delete-typed-field", "delete-submit"]) byId(id).hidden = !canDelete;
      openDialog(byId("delete-dialog"));
    } catch (error) {
      toast(error.message);
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.elements.typed.value.replace(/[\s,.]/g, "") !== String(asked.sessions)) {
      showErrors(form, { errors: [{ field: "typed", message: `Type ${grouped(asked.sessions)}, as many as will be deleted.` }] });
      return;
    }
    try {
      const made = await api.remove(`/api/attendance?${asked.query}&sessions=${asked.sessions}`);
      byId("delete-dialog").close();
      showUndo(notice(made), onDone);
      onDone();
    } catch (error) {
      showErrors(form, error);
    }
  });
  for (const element of document.querySelectorAll(".undo-notice")) showUndo(element, onDone);
}

function notice({ deletionId, sessions, undoUntil, state, done }) {
  const element = document.createElement("p");
  element.className = "notice undo-notice";
  const deletedAt = new Date(Date.parse(undoUntil) - UNDO_MS).toISOString();
  Object.assign(element.dataset, { deletion: deletionId, sessions, deletedAt, state, done });
  byId("undo-notices").prepend(element);
  return element;
}

/** For as long as it can be taken back, and until what was asked for is done. */
function showUndo(element, onDone) {
  const { deletion, deletedAt } = element.dataset;
  const path = `/api/attendance/deletions/${deletion}`;
  const undo = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-sm", textContent: "Undo" });
  const words = document.createTextNode("");
  let stands = null;
  undo.addEventListener("click", async () => {
    try {
      await api.post(`${path}/undo`);
      await follow();
    } catch (error) {
      toast(error.status === 404 ? "It is too late: they are gone." : error.message);
    }
  });
  element.replaceChildren(words, undo);
  const { sessions, done, state } = element.dataset;
  show({ state, sessions: Number(sessions), done: Number(done) });
  announce(stands.words);
  if (stands.isWorking) setTimeout(follow, FOLLOW_MS);
  setTimeout(() => stands.isWorking || element.remove(), Math.max(0, Date.parse(deletedAt) + UNDO_MS - now()));

  function show(deletionNow) {
    stands = deletionState(deletionNow);
    words.data = `${stands.words} `;
    undo.hidden = !stands.canUndo;
  }

  /** Asks until it is done; whatever the page shows changes with it. */
  async function follow() {
    const wasWorking = stands.isWorking;
    try {
      const deletionNow = await api.get(path);
      show(deletionNow);
      if (stands.isWorking) setTimeout(follow, FOLLOW_MS);
      else if (wasWorking || !stands.canUndo) finished(deletionNow.state);
    } catch (error) {
      if (error.status === 404) element.remove();
      else setTimeout(follow, FOLLOW_MS);
    }
  }

  function finished(state) {
    if (state === "undone") element.remove();
    announce(stands.words);
    onDone();
  }
}

export function wireLock(about, onDone) {
  const form = byId("lock-form");
  let lockedBefore = about.lockedBefore;
  const say = () => setText(byId("lock-words"), lockedBefore ? `Closed before ${dayWords(lockedBefore)}` : "Close a period");
  byId("lock-button").addEventListener("click", () => {
    clearErrors(form);
    form.elements.lockedBefore.value = lockedBefore ?? "";
    openDialog(byId("lock-dialog"));
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const wanted = { lockedBefore: form.elements.lockedBefore.value || null };
      ({ lockedBefore } = await api.put(`/api/organizations/${about.organizationId}/attendance-lock`, wanted));
      byId("lock-dialog").close();
      say();
      announce(lockedBefore ? `Closed before ${dayWords(lockedBefore)}.` : "Everything is open.");
      onDone();
    } catch (error) {
      showErrors(form, error);
    }
  });
  say();
}
