import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const SITE = new URL("../../static/", import.meta.url);
const LIST = new URL("../../templates/boards/modules.html", import.meta.url);

/** The modules that `path` (below static/) imports, directly or not; vendor files are not looked into. */
function imports(path, found = new Set()) {
  const url = new URL(path, SITE);
  for (const [, name] of readFileSync(url, "utf8").matchAll(/^import .*?from "([^"]+)"/gm)) {
    const target = name.startsWith("/static/") ? name.slice("/static/".length) : new URL(name, url).href.slice(SITE.href.length);
    if (found.has(target)) continue;
    found.add(target);
    if (!target.startsWith("vendor/")) imports(target, found);
  }
  return found;
}

test("the board page fetches exactly the modules it needs, at once", () => {
  const listed = [...readFileSync(LIST, "utf8").matchAll(/^ {2}"(.+)",$/gm)].map(([, path]) => path);
  assert.deepEqual(listed, [...imports("js/boards/page.js")].sort());
});
