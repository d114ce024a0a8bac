// A person's logins: lists them, ends one, ends all others.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { formats, showRelative } from "../lib/clock.js";
import { confirm } from "../lib/dialog.js";
import { byId, fromTemplate, setText } from "../lib/dom.js";
import { nameOf, othersOf, withoutSession } from "./session_words.js";

const PATH = "/api/sessions";
let sessions = [];

export function startSessions(list) {
  byId("session-list").addEventListener("click", (event) => {
    const row = event.target.closest(".session");
    if (row && event.target.closest(".session-end")) end(sessions.find(({ id }) => id === row.dataset.id));
  });
  byId("end-other-sessions").addEventListener("click", endOthers);
  document.addEventListener("visibilitychange", () => document.hidden || refresh());
  show(list);
}

function show(list) {
  sessions = list;
  byId("session-list").replaceChildren(...sessions.map(row));
  byId("end-other-sessions").hidden = othersOf(sessions).length === 0;
}

function row(session) {
  const element = fromTemplate("session-template");
  const part = (name) => element.querySelector(`.session-${name}`);
  element.dataset.id = session.id;
  element.querySelector("use").setAttribute("href", `#icon-${session.device}`);
  setText(part("client"), nameOf(session));
  setText(part("address"), session.address ?? "Unknown address");
  setText(part("since"), `Signed in ${formats.day(new Date(session.createdAt))}`);
  part("used").replaceChildren(...usage(session));
  part("current").hidden = !session.isCurrent;
  part("end").hidden = session.isCurrent; // the account menu does that
  part("end").setAttribute("aria-label", `Sign out ${nameOf(session)}, ${session.address ?? "unknown address"}`);
  return element;
}

function usage({ isCurrent, lastActivity }) {
  if (isCurrent) return ["Active now"];
  const time = document.createElement("time");
  showRelative(time, lastActivity);
  return ["Last active ", time];
}

/** What is shown was true when it was asked last; whoever ends something hears of an error then. */
async function refresh() {
  try {
    show((await api.get(PATH)).items);
  } catch {
    return;
  }
}

async function end(session) {
  const name = nameOf(session);
  const text = "Its pages are closed at once, and nobody goes on with a copy of its cookie.";
  if (!(await agreed(`Sign out ${name}?`, text))) return;
  await attempt(async () => {
    await api.remove(`${PATH}/${session.id}`);
    show(withoutSession(sessions, session.id));
    announce(`${name} is signed out.`);
  });
}

async function endOthers() {
  const count = othersOf(sessions).length;
  const text = `You stay signed in here. ${count === 1 ? "One other login ends" : `${count} other logins end`} at once.`;
  if (!(await agreed("Sign out all other logins?", text))) return;
  await attempt(async () => {
    const { ended } = await api.post(`${PATH}/end-others`);
    show(sessions.filter(({ isCurrent }) => isCurrent));
    announce(ended === 1 ? "One login was signed out." : `${ended} logins were signed out.`);
  });
}

async function attempt(act) {
  byId("sessions-problem").hidden = true;
  try {
    await act();
  } catch (error) {
    await refresh(); // it may be over by now
    if (error.status === 404) return;
    setText(byId("sessions-problem"), `Nothing was signed out. ${error.message}`);
    byId("sessions-problem").hidden = false;
  } finally {
    if (document.activeElement === document.body) byId("sessions-title").parentElement.focus();
  }
}

async function agreed(title, text) {
  const choices = [{ value: "cancel", label: "Cancel" }, { value: "end", label: "Sign out", kind: "btn-danger" }];
  return await confirm(title, text, choices) === "end";
}
