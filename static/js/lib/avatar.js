// A person's picture, or their initials on a colour that follows from their id.
// templates/avatar.html uses the same rule; change both or neither.

const COLOURS = 10;

export function initials(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return "?";
  const first = [...words[0]][0];
  const last = words.length > 1 ? [...words.at(-1)][0] : "";
  return (first + last).toUpperCase();
}

export function colourOf(id) {
  const tail = parseInt(id.slice(-2), 16);
  return Number.isNaN(tail) ? 0 : tail % COLOURS;
}

export function paintAvatar(disc, { id, name, avatarUrl }) {
  disc.classList.add(`disc-${colourOf(id)}`);
  disc.replaceChildren(initials(name));
  if (!avatarUrl) return;
  const image = Object.assign(document.createElement("img"), { alt: "" });
  image.addEventListener("error", () => image.remove());
  image.addEventListener("load", () => disc.replaceChildren(image));
  image.src = avatarUrl;
}
