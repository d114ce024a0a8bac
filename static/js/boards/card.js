// Fills one card. Its parts are made anew only where they say something else: a board has hundreds of cards.
import { paintAvatar } from "../lib/avatar.js";
import { formats, now } from "../lib/clock.js";
import { element, icon, setText } from "../lib/dom.js";
import { facesOf, factsOf, labelsOf } from "./card_facts.js";
import { dueMark } from "./due.js";

const shown = new WeakMap(); // part of a card -> what it was made of

/** `state` knows the labels and members a task speaks of. */
export function fillCard(card, task, state) {
  card.dataset.id = task.id;
  card.classList.toggle("is-done", Boolean(task.completedAt));
  const link = card.querySelector(".task-link");
  if (link.textContent !== task.title) {
    link.textContent = task.title;
    card.querySelector(".task-menu-button").setAttribute("aria-label", `Actions for ${task.title}`);
    card.querySelector(".task-select").setAttribute("aria-label", `Select ${task.title}`);
  }
  if (link.hash !== `#/tasks/${task.id}`) link.href = `#/tasks/${task.id}`;
  const labels = labelsOf(task, state.labels);
  const faces = facesOf(task, state.members);
  showDue(card.querySelector(".due"), task.dueAt, Boolean(task.completedAt));
  renew(card.querySelector(".task-labels"), labels, () => labels.map(labelChip));
  const facts = factsOf(task);
  renew(card.querySelector(".task-marks"), facts, () => facts.map(mark));
  renew(card.querySelector(".task-people"), faces, () => facesFor(faces));
}

function facesFor({ shown: members, more, names }) {
  if (!members.length) return [];
  const rest = more ? [element("span", { className: "task-more", ariaHidden: "true" }, `+${more}`)] : [];
  return [
    ...members.map(face), ...rest,
    element("span", { className: "visually-hidden" }, `Assigned to ${names.join(", ")}`),
  ];
}

export function labelChip({ name, color }) {
  return element("span", { className: "label-chip", data: { hue: color } }, name);
}

export function face(member) {
  const disc = element("span", { className: "disc", title: member.name, ariaHidden: "true" });
  paintAvatar(disc, { id: member.userId, ...member });
  return disc;
}

export function showDue(time, dueAt, isDone = false) {
  time.hidden = !dueAt;
  if (!dueAt) return;
  const { kind, text } = dueMark(dueAt, now(), formats, isDone);
  if (!time.title || time.dateTime !== dueAt) time.title = `Due ${formats.exact(new Date(dueAt))}`;
  time.dateTime = dueAt;
  time.dataset.due = kind;
  setText(time, text);
}

export function showTypingIn(card, text) {
  const hint = card.querySelector(".task-typing");
  hint.hidden = !text;
  setText(hint.querySelector(".task-typing-text"), text);
}

function mark({ kind, icon: name, text, words }) {
  const made = element("span", { className: "task-mark", title: words, data: { kind } }, icon(name), text);
  if (words) made.append(element("span", { className: "visually-hidden" }, ` ${words}`));
  return made;
}

/** Of what the server rendered nothing is known: it is made anew once, and from then on when it changes. */
function renew(place, content, make) {
  const key = JSON.stringify(content);
  if (shown.get(place) === key) return;
  shown.set(place, key);
  place.replaceChildren(...make());
}
