// The page of all boards: creating one.
import * as api from "../lib/api.js";
import { keepTimesFresh } from "../lib/clock.js";
import { wireDialogs } from "../lib/dialog.js";
import { byId } from "../lib/dom.js";
import { showErrors, showMissing } from "../lib/forms.js";

wireDialogs();
keepTimesFresh();

byId("create-board-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const submit = form.querySelector("[type=submit]");
  if (showMissing(form, "name", "Give the board a name.")) return;
  submit.disabled = true;
  try {
    const name = form.elements.name.value.trim();
    const organizationId = form.elements.organizationId?.value; // asked only of those with several
    const board = await api.post("/api/boards", organizationId ? { name, organizationId } : { name });
    location.assign(`/boards/${board.id}`);
  } catch (error) {
    showErrors(form, error);
    submit.disabled = false;
  }
});
