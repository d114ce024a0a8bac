// What one is told of: each choice is saved as it is made, the last one wins, and is taken back when it is refused.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { byId, setText } from "../lib/dom.js";
import { choicesOf, kindsOf } from "./told.js";

const PATH = "/api/notifications/preferences";

export function startNotifications(preferences) {
  const form = byId("notifications-form");
  const problem = byId("notifications-problem");
  let known = preferences;
  let saving = Promise.resolve();

  const show = () => {
    for (const [name, isOn] of Object.entries(choicesOf(known.kinds))) form.elements[name].checked = isOn;
    form.elements.digestMinutes.value = known.digestMinutes;
  };
  const save = async () => {
    const boxes = [...form.querySelectorAll("input[type=checkbox]")];
    const kinds = kindsOf(Object.fromEntries(boxes.map(({ name, checked }) => [name, checked])));
    const digestMinutes = Number(form.elements.digestMinutes.value);
    try {
      known = await api.put(PATH, { kinds, digestMinutes });
      problem.hidden = true;
      announce("Saved.");
    } catch (error) {
      setText(problem, `Not saved. ${error.message}`);
      problem.hidden = false;
      show();
    }
  };
  form.addEventListener("change", () => { saving = saving.then(save); });
  form.addEventListener("submit", (event) => event.preventDefault());
}
