// Who does the open task and which labels it has: shown as chips, changed with the same choosers as on the board.
import { byId, element } from "../lib/dom.js";
import { face, labelChip } from "./card.js";
import { labelsOf } from "./card_facts.js";
import { choose } from "./choosers.js";

export class TaskPeople {
  #taskId = null;

  constructor(state, actions) {
    this.state = state;
    const open = (kind) => ({ currentTarget }) => choose(kind, { anchor: currentTarget, ids: [this.#taskId], state, actions });
    byId("task-assign").addEventListener("click", open("people"));
    byId("task-label").addEventListener("click", open("labels"));
  }

  show(task) {
    this.#taskId = task.id;
    const people = (task.assigneeIds ?? []).map((id) => this.state.members.get(id)).filter(Boolean);
    const labels = labelsOf(task, this.state.labels);
    byId("task-people").replaceChildren(...people.map((member) =>
      element("span", { className: "person-chip" }, face(member), member.name)));
    byId("task-labels").replaceChildren(...labels.map(labelChip));
  }
}
