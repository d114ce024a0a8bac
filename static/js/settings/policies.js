// What each organization lets its team heads see: a line for its members, a switch for its owners.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { confirm } from "../lib/dialog.js";
import { byId, fromTemplate, setText } from "../lib/dom.js";

const HINTS = {
  true: "Heads of your boards always see your status and activity.",
  false: "Your settings hold for team heads too.",
};

export class Policies {
  #list = byId("policies");

  /** `owned` holds the ids of the organizations that the person owns; `onChange(policy)` is told what was saved. */
  constructor(owned, onChange) {
    Object.assign(this, { owned, onChange });
    this.#list.addEventListener("click", (event) => {
      if (!event.target.matches(".switch")) return;
      event.preventDefault(); // it changes when the server has said so
      this.#change(event.target.closest(".policy"));
    });
  }

  show(policies) {
    const rows = new Map([...this.#list.children].map((row) => [row.dataset.organizationId, row]));
    const ids = new Set(policies.map(({ organizationId }) => organizationId));
    for (const [id, row] of rows) if (!ids.has(id)) row.remove();
    for (const policy of policies) this.#fill(rows.get(policy.organizationId) ?? this.#newRow(policy), policy);
    byId("heads").hidden = policies.length === 0;
  }

  #newRow({ organizationId }) {
    const row = fromTemplate("policy-template");
    row.dataset.organizationId = organizationId;
    const isOwner = this.owned.has(organizationId);
    row.querySelector(".switch").hidden = !isOwner;
    row.querySelector(".policy-state").hidden = isOwner;
    this.#list.append(row);
    return row;
  }

  #fill(row, { organizationName, headsAlwaysSeePresence: isOn }) {
    row.dataset.isOn = String(isOn);
    setText(row.querySelector(".policy-name"), organizationName);
    setText(row.querySelector(".policy-hint"), HINTS[isOn]);
    setText(row.querySelector(".policy-state"), isOn ? "On" : "Off");
    const field = row.querySelector(".switch");
    field.checked = isOn;
    field.setAttribute("aria-label", `Team heads of ${organizationName} always see presence`);
  }

  async #change(row) {
    const name = row.querySelector(".policy-name").textContent;
    const headsAlwaysSeePresence = row.dataset.isOn !== "true";
    if (!(await confirmChange(name, headsAlwaysSeePresence))) return;
    byId("policies-problem").hidden = true;
    try {
      const path = `/api/organizations/${row.dataset.organizationId}/presence-policy`;
      this.onChange(await api.put(path, { headsAlwaysSeePresence }));
      const verb = headsAlwaysSeePresence ? "now always see" : "no longer always see";
      announce(`Saved. Team heads of ${name} ${verb} presence.`);
    } catch (error) {
      setText(byId("policies-problem"), `Not saved. ${error.message}`);
      byId("policies-problem").hidden = false;
    }
  }
}

async function confirmChange(name, turnsOn) {
  const [title, text, label] = turnsOn
    ? [`Let team heads of ${name} always see presence?`,
      "The heads of its boards will see status, last seen, typing and device of everybody on those boards, also of people " +
      "who hide or appear offline. The page somebody is on stays theirs to show. Every member is told on this page, and " +
      "the change is recorded.", "Turn on"]
    : [`Stop letting team heads of ${name} always see presence?`,
      "Everybody’s own settings hold again, at once: people who hide will look offline to team heads too. Every member sees " +
      "it on this page, and the change is recorded.", "Turn off"];
  const choices = [{ value: "cancel", label: "Cancel" }, { value: "change", label, kind: "btn-primary" }];
  return await confirm(title, text, choices) === "change";
}
