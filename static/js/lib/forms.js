// Shows a refusal where it belongs: beside the field it names, else under the form.

/** Elements with data-error-for="field" take the messages; data-error-for="" takes what names no known field. */
export function showErrors(form, error) {
  clearErrors(form);
  const listed = error.errors.length ? error.errors : [{ field: "", message: error.message }];
  const rest = listed.filter(({ field, message }) => !showAt(form, field, message));
  if (rest.length) showAt(form, "", rest.map(({ message }) => message).join(" "));
  form.querySelector('[aria-invalid="true"]')?.focus();
}

/** The same for what the page can see by itself; answers whether there was something to show. */
export function showMissing(form, field, message) {
  clearErrors(form);
  const control = form.elements[field];
  if (control.value.trim() && control.validity.valid) return false;
  showAt(form, field, message);
  control.focus();
  return true;
}

export function clearErrors(form) {
  for (const slot of form.querySelectorAll("[data-error-for]")) {
    slot.hidden = true;
    slot.textContent = "";
  }
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

function showAt(form, field, message) {
  const slot = form.querySelector(`[data-error-for="${CSS.escape(field)}"]`);
  if (!slot) return false;
  slot.textContent = message;
  slot.hidden = false;
  if (field) form.elements[field]?.setAttribute("aria-invalid", "true");
  return true;
}
