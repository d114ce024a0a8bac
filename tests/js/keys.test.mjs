import assert from "node:assert/strict";
import { test } from "node:test";
import { isForWriting, isPaletteKey, plainKey } from "../../static/js/lib/keys.js";

const press = (key, more = {}) => ({ key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, isComposing: false, repeat: false, ...more });

test("a single key counts alone, whatever the size of its letter", () => {
  assert.equal(plainKey(press("D")), "d");
  assert.equal(plainKey(press("?", { shiftKey: true })), "?");
  assert.equal(plainKey(press("ArrowUp", { repeat: true })), "ArrowUp");
  for (const held of ["ctrlKey", "altKey", "metaKey", "isComposing", "repeat"]) assert.equal(plainKey(press("d", { [held]: true })), null, held);
});

test("the palette opens with Ctrl+K and Cmd+K, and with no other key beside them", () => {
  assert.ok(isPaletteKey(press("k", { ctrlKey: true })) && isPaletteKey(press("K", { metaKey: true })));
  assert.ok(!isPaletteKey(press("k")) && !isPaletteKey(press("k", { ctrlKey: true, shiftKey: true })));
});

test("where somebody writes or walks through a menu, single keys are theirs", () => {
  const inside = (found) => ({ closest: (selector) => (selector.includes(found) ? {} : null) });
  assert.ok(isForWriting(inside("textarea")) && isForWriting(inside("[role=menu]")));
  assert.ok(!isForWriting({ closest: () => null }) && !isForWriting(null));
});
