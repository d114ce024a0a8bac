// Who else has the task open that this page shows: faces in the head of its panel. The server tells of each as far as
// they allow.
import { paintAvatar } from "../lib/avatar.js";

export class Company {
  #taskId = null;

  constructor(live, element) {
    Object.assign(this, { live, element });
    live.socket.on("task_company", ({ taskId, users }) => { if (taskId === this.#taskId) this.#show(users); });
  }

  /** null: no task any more. */
  open(taskId) {
    this.#taskId = taskId;
    this.#show([]);
    this.tellAgain();
  }

  /** After the board was joined anew, the server does not know it any more. */
  tellAgain() {
    this.live.tell("open_task", { taskId: this.#taskId });
  }

  #show(users) {
    this.element.hidden = !users.length;
    this.element.replaceChildren(...users.map(face));
  }
}

function face({ userId, name, avatarUrl }) {
  const item = document.createElement("li");
  const disc = Object.assign(document.createElement("span"), { className: "disc", ariaHidden: "true" });
  paintAvatar(disc, { id: userId, name, avatarUrl });
  const words = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: name });
  item.title = `${name} has this task open too`;
  item.append(disc, words);
  return item;
}
