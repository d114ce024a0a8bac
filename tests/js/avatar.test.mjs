import assert from "node:assert/strict";
import { test } from "node:test";
import { colourOf, initials } from "../../static/js/lib/avatar.js";

test("initials are of the first and the last name", () => {
  assert.equal(initials("Maya Rahman"), "MR");
  assert.equal(initials("Ana María de la Cruz"), "AC");
  assert.equal(initials("cher"), "C");
  assert.equal(initials("  "), "?");
  assert.equal(initials("🦊 Fox"), "🦊F");
});

test("the colour follows from the id, as in templates/avatar.html", () => {
  assert.equal(colourOf("0198c0de-0000-7000-8000-0000000000ff"), 255 % 10);
  assert.equal(colourOf("zz"), 0);
});
