"""Copies the browser libraries from node_modules into static/vendor/, texts with a .gz beside for WhiteNoise.

The pages load exactly these files and nothing from another origin. What lands here is generated: to change a
version change package.json, never a file under static/vendor/. Standard library only.
"""

import gzip
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.prune_css import pruned  # noqa: E402

PACKAGES = ROOT / "node_modules"
VENDOR = ROOT / "static" / "vendor"
TABLER = "@tabler/core/dist/css/tabler.min.css"
FONT = PACKAGES / "@fontsource-variable" / "inter"
FONT_SUBSETS = ("latin-ext", "latin")  # the browser fetches latin-ext only for a page that has such letters
# What the pages use of Tabler; the rest, three quarters of it, would only be carried.
# tests/test_vendor.py says when a family is missing here.
TABLER_FAMILIES = (
    "active", "btn", "disabled", "form", "icon", "markdown", "mt-3", "page", "show", "skip-link", "small",
    "status", "tag", "text-center", "timeline", "visually-hidden",
)  # fmt: skip


def main() -> None:
    shutil.rmtree(VENDOR, ignore_errors=True)
    write("tabler/tabler.min.css", pruned(text_of(TABLER), TABLER_FAMILIES))
    write("socket.io/socket.io.esm.min.js", text_of("socket.io-client/dist/socket.io.esm.min.js"))
    write("sortable/sortable.esm.js", sortable_module())
    write("inter/inter.css", font_faces())
    for subset in FONT_SUBSETS:
        shutil.copyfile(FONT / "files" / font_file(subset), VENDOR / "inter" / font_file(subset))


def text_of(path: str) -> str:
    """Without the pointer to a source map, which is not served."""
    return re.sub(r"\n?(//|/\*)# sourceMappingURL=.*\n?", "\n", (PACKAGES / path).read_text("utf-8"))


def sortable_module() -> str:
    """SortableJS ships its module unminified, thrice the size of the script: the script, made a module."""
    return text_of("sortablejs/Sortable.min.js") + "\nexport default globalThis.Sortable;\n"


def font_faces() -> str:
    css = (FONT / "index.css").read_text("utf-8").replace("./files/", "")
    faces = dict(re.findall(r"/\* inter-(.*?)-wght-normal \*/\n(@font-face {.*?})", css, re.S))
    return "\n".join(faces[subset] for subset in FONT_SUBSETS) + "\n"


def font_file(subset: str) -> str:
    return f"inter-{subset}-wght-normal.woff2"


def write(path: str, text: str) -> None:
    target = VENDOR / path
    target.parent.mkdir(parents=True, exist_ok=True)
    content = text.encode("utf-8")
    target.write_bytes(content)
    target.with_name(target.name + ".gz").write_bytes(gzip.compress(content, mtime=0))


if __name__ == "__main__":
    main()
