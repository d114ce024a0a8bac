// What is done to people: roles, disabling, enabling, links for a new password; to one, or to all who are chosen.
import { announce } from "../lib/announce.js";
import * as api from "../lib/api.js";
import { confirm } from "../lib/dialog.js";
import { byId, setText } from "../lib/dom.js";
import { openMenu } from "../lib/menu.js";
import { showLink } from "./links.js";
import { outcome, people } from "./state.js";

const CONFIRM = {
  disable: ["Disable", "They are signed out everywhere at once, their access tokens and links end for good, and nobody signs in as them until they are enabled.", "Disable"],
  remove: ["Remove", "They leave the organization and all its boards; of boards without another head you become the head. Their account and the records of their attendance stay.", "Remove"],
  role: ["Change the role of", "They are signed out everywhere and sign in again with the new role.", "Change"],
};

export class Changes {
  #items = Object.fromEntries([...byId("member-menu").children].map((item) => [item.dataset.action, item]));

  /** `hooks`: members, table, onChanged(members), onProblem(error). */
  constructor(organizationId, hooks) {
    Object.assign(this, hooks);
    this.path = `/api/organizations/${organizationId}/members`;
    const table = byId("members");
    table?.addEventListener("click", ({ target }) => this.#clicked(target.closest(".member-more")));
    table?.addEventListener("change", ({ target }) => this.#picked(target));
    byId("members-bulk").addEventListener("click", ({ target }) => this.#bulk(target.closest("[data-bulk]")?.dataset.bulk));
    byId("bulk-role")?.addEventListener("change", ({ target }) => this.#bulkRole(target));
    this.#showChosen(); // a reload keeps the ticks
  }

  #clicked(button) {
    if (!button) return;
    const member = this.members.get(button.closest(".member").dataset.userId);
    const names = [...(member.isDisabled ? ["enable"] : ["reset", "disable"]), "remove"];
    const acts = { reset: () => this.#reset(member), remove: () => this.#remove(member) };
    byId("member-menu").replaceChildren(...names.map((name) => this.#items[name]));
    openMenu(byId("member-menu"), button, (action) => (acts[action] ? acts[action]() : this.#able(member, action)));
  }

  #picked(field) {
    if (field.matches("#pick-all")) this.table.choose(this.table.choosable, field.checked);
    if (field.matches("[type=checkbox]")) return this.#showChosen();
    const member = this.members.get(field.closest(".member").dataset.userId);
    this.#role(member, field);
  }

  #showChosen() {
    const { length } = this.table.chosen;
    this.table.markChosen();
    byId("members-bulk").hidden = length === 0;
    setText(byId("members-chosen"), `${people(length)} chosen`);
    const all = byId("pick-all");
    if (!all) return;
    all.checked = length > 0 && length === this.table.choosable.length;
    all.indeterminate = length > 0 && !all.checked;
  }

  async #role(member, field) {
    const role = field.value;
    if (await agreed("role", member.name)) return this.#change(member, { role }, `${member.name} is ${role} now.`, () => { field.value = member.role; });
    field.value = member.role;
  }

  async #able(member, action) {
    if (action === "disable" && !(await agreed("disable", member.name))) return;
    const disabled = action === "disable";
    await this.#change(member, { disabled }, `${member.name} is ${disabled ? "disabled" : "enabled"}.`);
  }

  async #change(member, patch, words, takeBack = () => {}) {
    try {
      this.onChanged([await api.patch(`${this.path}/${member.userId}`, patch)]);
      announce(words);
    } catch (error) {
      takeBack();
      this.onProblem(error);
    }
  }

  async #reset(member) {
    try {
      const { url } = await api.post(`${this.path}/${member.userId}/password-reset`);
      const text = "Hand it to them yourself: it is shown this once, works once, and for an hour. Nothing changes until they use it.";
      showLink(`A link for ${member.name}`, text, url);
    } catch (error) {
      this.onProblem(error);
    }
  }

  async #remove(member) {
    if (!(await agreed("remove", member.name))) return;
    try {
      await api.remove(`${this.path}/${member.userId}`);
      location.reload(); // the numbers, the pages and what is chosen change with it
    } catch (error) {
      this.onProblem(error);
    }
  }

  #bulk(action) {
    if (action === "none") {
      this.table.choose(this.table.rows, false);
      this.#showChosen();
    } else if (action) this.#many(action, { disabled: action === "disable" });
  }

  async #bulkRole(field) {
    const role = field.value;
    field.value = "";
    if (role) await this.#many("role", { role });
  }

  async #many(action, patch) {
    const userIds = this.table.chosen;
    if (action in CONFIRM && !(await agreed(action, people(userIds.length)))) return;
    try {
      const answer = await api.post(`${this.path}/bulk`, { userIds, ...patch });
      this.onChanged(answer.changed);
      const words = outcome(answer, (id) => this.members.get(id).name);
      if (answer.refused.length) this.onProblem(new Error(words));
      else announce(words);
    } catch (error) {
      this.onProblem(error);
    }
  }
}

async function agreed(action, whom) {
  const [verb, text, label] = CONFIRM[action];
  const choices = [{ value: "cancel", label: "Cancel" }, { value: "do", label, kind: action === "role" ? "btn-primary" : "btn-danger" }];
  return await confirm(`${verb} ${whom}?`, text, choices) === "do";
}
