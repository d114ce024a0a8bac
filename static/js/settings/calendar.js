// The calendar feed: makes its address and shows it once, says when it was read, ends it.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { formats, showRelative } from "../lib/clock.js";
import { confirm, openDialog } from "../lib/dialog.js";
import { byId } from "../lib/dom.js";

const PATH = "/api/calendar-feed";
let feed = null;

export function startCalendar(known) {
  byId("make-feed").addEventListener("click", make);
  byId("end-feed").addEventListener("click", end);
  byId("copy-feed").addEventListener("click", copy);
  byId("made-feed-dialog").addEventListener("close", forget);
  show(known);
}

function show(next) {
  feed = next;
  byId("feed-none").hidden = Boolean(feed);
  byId("feed-facts").hidden = byId("end-feed").hidden = !feed;
  byId("make-feed-text").textContent = feed ? "New address" : "Make the feed";
  if (feed) byId("feed-facts").replaceChildren(`Made ${formats.day(new Date(feed.createdAt))}. `, ...reading(feed));
}

function reading({ lastReadAt }) {
  if (!lastReadAt) return ["No calendar program has read it yet."];
  const time = document.createElement("time");
  showRelative(time, lastReadAt);
  return ["Last read ", time, "."];
}

async function make() {
  const text = "The address you have now stops working at once, in every program that uses it.";
  const choices = [{ value: "cancel", label: "Cancel" }, { value: "make", label: "Make a new address", kind: "btn-danger" }];
  if (feed && await confirm("Make a new address?", text, choices) !== "make") return;
  await attempt(async () => {
    const made = await api.post(PATH);
    show(made.feed);
    byId("made-feed").value = made.url;
    openDialog(byId("made-feed-dialog"));
    byId("made-feed").select();
  });
}

async function end() {
  const text = "Its dates disappear from your calendar programs when they ask the next time.";
  const choices = [{ value: "cancel", label: "Cancel" }, { value: "end", label: "End the feed", kind: "btn-danger" }];
  if (await confirm("End your calendar feed?", text, choices) !== "end") return;
  await attempt(async () => {
    await api.remove(PATH).catch((error) => {
      if (error.code !== "not_found") throw error; // ended meanwhile, on another page
    });
    show(null);
    announce("The calendar feed is ended.");
    byId("make-feed").focus();
  });
}

async function attempt(act) {
  const problem = byId("feed-problem");
  problem.hidden = true;
  try {
    await act();
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
  }
}

async function copy() {
  const field = byId("made-feed");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    byId("feed-copied").textContent = "Copied.";
  } catch { // not over plain http, or not allowed
    byId("feed-copied").textContent = "It is selected: copy it with Ctrl+C.";
    field.focus();
  }
}

function forget() {
  byId("made-feed").value = "";
  byId("feed-copied").textContent = "";
  byId("make-feed").focus();
}
