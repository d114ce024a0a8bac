import assert from "node:assert/strict";
import { test } from "node:test";
import { SettingsState, changeWords, listed, watchful } from "../../static/js/settings/state.js";
import { seenAs } from "../../static/js/settings/words.js";

const before = { visibility: "contacts", showActivity: true, showCurrentPage: false, appearOffline: false, policies: [] };

test("a change is shown at once, and stays when the server has taken it", () => {
  const state = new SettingsState(before);
  const change = state.change({ visibility: "nobody" });
  assert.equal(state.shown.visibility, "nobody");
  assert.equal(state.saved(change, { ...before, visibility: "nobody" }), false);
  assert.deepEqual(state.shown, { ...before, visibility: "nobody" });
});

test("a refused change is taken back, and only that one", () => {
  const state = new SettingsState(before);
  const refused = state.change({ visibility: "everyone" });
  state.change({ showActivity: false });
  state.failed(refused);
  assert.deepEqual(state.shown, { ...before, showActivity: false });
});

test("of two changes of the same thing the later one is shown, whatever becomes of the first", () => {
  for (const end of ["saved", "failed"]) {
    const state = new SettingsState(before);
    const first = state.change({ visibility: "everyone" });
    state.change({ visibility: "team" });
    state[end](first, { ...before, visibility: "everyone" });
    assert.equal(state.shown.visibility, "team");
  }
});

test("what another page says is shown, but for what is being changed here", () => {
  const state = new SettingsState(before);
  state.change({ visibility: "team" });
  state.hear({ ...before, visibility: "nobody", appearOffline: true });
  assert.deepEqual(state.shown, { ...before, visibility: "team", appearOffline: true });
});

test("an answer that comes after news is asked for again: nobody here knows which is newer", () => {
  const state = new SettingsState(before);
  const change = state.change({ visibility: "team" });
  state.hear({ ...before, appearOffline: true });
  assert.equal(state.saved(change, { ...before, visibility: "team" }), true);
  assert.deepEqual(state.shown, { ...before, visibility: "team", appearOffline: true });
  const asked = state.asking();
  state.answered(asked, { ...before, visibility: "nobody" });
  assert.equal(state.shown.visibility, "nobody");
});

test("an answer to a question from before the news says nothing", () => {
  const state = new SettingsState(before);
  const asked = state.asking();
  state.hear({ ...before, visibility: "everyone" });
  state.answered(asked, before);
  assert.equal(state.shown.visibility, "everyone");
});

test("changes are told in words", () => {
  assert.equal(changeWords({ visibility: "contacts" }), "People you share a board with see you");
  assert.equal(changeWords({ appearOffline: true }), "You appear offline");
  assert.equal(changeWords({ appearOffline: false }), "You no longer appear offline");
  assert.equal(changeWords({ showActivity: false }), "Your activity is not shown");
});

test("organizations whose heads always see are listed as one says it", () => {
  const policy = (organizationName, headsAlwaysSeePresence) => ({ organizationName, headsAlwaysSeePresence });
  assert.deepEqual(watchful([policy("Acme", true), policy("Birch", false)]), [policy("Acme", true)]);
  assert.equal(listed([]), "");
  assert.equal(listed(["Acme"]), "Acme");
  assert.equal(listed(["Acme", "Birch", "Cedar"]), "Acme, Birch and Cedar");
});

const seen = { status: "online", lastSeen: null, currentPage: null, isTyping: false, device: "desktop", customStatus: null, customEmoji: null };

test("what somebody sees is said in words", () => {
  assert.deepEqual(seenAs(seen, "Maya"), { name: "Maya", dot: "online", word: "Online", custom: "", device: "desktop", lastSeen: null });
  const busy = { ...seen, status: "busy", device: null, customStatus: "Focus", customEmoji: "🎧", currentPage: "A board" };
  assert.deepEqual(seenAs(busy, "Maya"), { name: "Maya", dot: "busy", word: "Busy · A board", custom: "🎧 Focus", device: "", lastSeen: null });
  assert.deepEqual({ ...seenAs({ ...seen, isTyping: true }, "Maya") }.word, "Typing");
});

test("of somebody hidden only the moment of leaving is said, and of somebody unknown nothing", () => {
  const left = { ...seen, status: "offline", device: null, lastSeen: "2025-08-10T12:34:00.000Z" };
  assert.equal(seenAs(left, "Maya").word, "Offline · last seen ");
  assert.equal(seenAs(left, "Maya").lastSeen, left.lastSeen);
  assert.equal(seenAs({ ...left, lastSeen: null }, "Maya").word, "Offline");
  assert.equal(seenAs(null, "Maya").name, "You do not exist for them");
});
