// Access tokens: lists them, makes one and shows it once, revokes.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { formats, now, showRelative } from "../lib/clock.js";
import { confirm, openDialog } from "../lib/dialog.js";
import { byId, fromTemplate } from "../lib/dom.js";
import { clearErrors, showErrors, showMissing } from "../lib/forms.js";
import { dayAfter, endOf, withoutToken, withToken } from "./token_words.js";

const PATH = "/api/tokens";
let tokens = [];

export function startTokens(list) {
  const form = byId("token-form");
  byId("new-token").addEventListener("click", () => openForm(form));
  byId("token-days").addEventListener("change", sayEnd);
  form.addEventListener("submit", make);
  byId("copy-token").addEventListener("click", copy);
  byId("made-token-dialog").addEventListener("close", forget);
  byId("token-list").addEventListener("click", (event) => {
    const row = event.target.closest(".token");
    if (row && event.target.closest(".token-revoke")) revoke(tokens.find(({ id }) => id === row.dataset.id));
  });
  show(list);
}

function show(list) {
  tokens = list;
  byId("token-list").replaceChildren(...tokens.map(row));
  byId("tokens-none").hidden = tokens.length > 0;
}

function row(token) {
  const element = fromTemplate("token-template");
  const part = (name) => element.querySelector(`.token-${name}`);
  element.dataset.id = token.id;
  part("name").textContent = token.name;
  part("scopes").replaceChildren(...token.scopes.map(chip));
  part("prefix").textContent = `${token.prefix}…`;
  part("created").textContent = `Made ${formats.day(new Date(token.createdAt))}`;
  part("used").replaceChildren(...usage(token));
  const { text, state } = endOf(token.expiresAt, now(), formats);
  part("expires").textContent = text;
  part("expires").dataset.state = state;
  part("revoke").setAttribute("aria-label", `Revoke ${token.name}`);
  return element;
}

const chip = (scope) => Object.assign(document.createElement("span"), { className: "token-scope", textContent: scope });

function usage({ lastUsedAt }) {
  if (!lastUsedAt) return ["Never used"];
  const time = document.createElement("time");
  showRelative(time, lastUsedAt);
  return ["Last used ", time];
}

function openForm(form) {
  form.reset();
  clearErrors(form);
  sayEnd();
  openDialog(byId("token-dialog"));
}

function sayEnd() {
  byId("token-ends").textContent = `On ${dayAfter(Number(byId("token-days").value), now(), formats)}.`;
}

async function make(event) {
  event.preventDefault();
  const form = event.target;
  const submit = form.querySelector("[type=submit]");
  const scopes = [...form.querySelectorAll('[name="scope"]:checked')].map(({ value }) => value);
  if (showMissing(form, "name", "Give the token a name.")) return;
  if (!scopes.length) {
    showErrors(form, { errors: [{ field: "scopes", message: "Choose at least one." }] });
    form.querySelector('[name="scope"]').focus();
    return;
  }
  submit.disabled = true;
  try {
    const expiresInDays = Number(form.elements.expiresInDays.value);
    const { token, ...made } = await api.post(PATH, { name: form.elements.name.value.trim(), scopes, expiresInDays });
    show(withToken(tokens, made));
    byId("token-dialog").close();
    showOnce(token);
  } catch (error) {
    showErrors(form, error);
  } finally {
    submit.disabled = false;
  }
}

function showOnce(token) {
  const field = byId("made-token");
  field.value = token;
  openDialog(byId("made-token-dialog"));
  field.select();
}

async function copy() {
  const field = byId("made-token");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    byId("copied").textContent = "Copied.";
  } catch { // not over plain http, or not allowed
    byId("copied").textContent = "It is selected: copy it with Ctrl+C.";
    field.focus();
  }
}

function forget() {
  byId("made-token").value = "";
  byId("copied").textContent = "";
  byId("new-token").focus();
}

async function revoke({ id, name }) {
  const choices = [{ value: "cancel", label: "Cancel" }, { value: "revoke", label: "Revoke", kind: "btn-danger" }];
  const text = "Programs that use it stop working at once. This cannot be undone.";
  if (await confirm(`Revoke “${name}”?`, text, choices) !== "revoke") return;
  const problem = byId("tokens-problem");
  problem.hidden = true;
  try {
    await api.remove(`${PATH}/${id}`);
  } catch (error) {
    if (error.code !== "not_found") { // revoked meanwhile, on another page
      problem.textContent = error.message;
      problem.hidden = false;
      return;
    }
  }
  show(withoutToken(tokens, id));
  announce(`${name} is revoked.`);
  byId("new-token").focus();
}
