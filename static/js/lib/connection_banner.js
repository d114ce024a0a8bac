// Says that the connection is lost and when it is tried again, with a way to try at once.
import { announce } from "./announce.js";

export class ConnectionBanner {
  #banner = document.getElementById("connection-banner");
  #countdown = document.getElementById("connection-countdown");
  #timer = null;
  #lost = false;

  constructor(retryNow) {
    document.getElementById("connection-retry").addEventListener("click", retryNow);
  }

  show(state) {
    clearInterval(this.#timer);
    if (state.name === "waiting") this.#wait(state.retryAt);
    if (state.name === "connecting" && this.#lost) this.#countdown.textContent = "Reconnecting…";
    if (state.name === "connected") this.#back();
    if (state.name === "stopped") this.#banner.hidden = true;
  }

  #wait(retryAt) {
    if (!this.#lost) announce("Connection lost. Reconnecting.");
    this.#lost = true;
    this.#banner.hidden = false;
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((retryAt - Date.now()) / 1000));
      this.#countdown.textContent = `Reconnecting in ${seconds} s`;
    };
    tick();
    this.#timer = setInterval(tick, 500);
  }

  #back() {
    if (this.#lost) announce("Connected again.");
    this.#lost = false;
    this.#banner.hidden = true;
  }
}
