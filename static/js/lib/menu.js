// A popover menu beside the button that opened it; arrow keys, Home and End walk through it.

const GAP = 4;

/** `choose` gets the data-action of the chosen item. Focus returns to the button first. */
export function openMenu(menu, button, choose) {
  // The press that opened this click has just closed the menu; its toggle event is still to come.
  if (button.getAttribute("aria-expanded") === "true") return;
  menu.onclick = (event) => {
    const item = event.target.closest("[data-action]");
    if (!item) return;
    menu.hidePopover();
    button.focus();
    choose(item.dataset.action);
  };
  menu.onkeydown = (event) => {
    if (event.key === "Tab") menu.hidePopover();
    walk(items(menu), event);
  };
  menu.ontoggle = (event) => button.setAttribute("aria-expanded", String(event.newState === "open"));
  menu.showPopover();
  putBeside(menu, button);
  items(menu)[0].focus();
}

const items = (menu) => [...menu.querySelectorAll('[role="menuitem"]')];

/** Gives the focus to the item an arrow key, Home or End leads to. */
export function walk(all, event) {
  const at = all.indexOf(document.activeElement);
  const target = {
    ArrowDown: all[(at + 1) % all.length],
    ArrowUp: all[(at - 1 + all.length) % all.length],
    Home: all[0],
    End: all.at(-1),
  }[event.key];
  if (!target) return;
  event.preventDefault();
  target.focus();
}

export function putBeside(menu, button) {
  const anchor = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = anchor.bottom + GAP + height <= innerHeight;
  const left = Math.max(8, Math.min(anchor.right - width, innerWidth - width - 8));
  const top = below ? anchor.bottom + GAP : Math.max(8, anchor.top - GAP - height);
  menu.style.setProperty("left", `${left}px`);
  menu.style.setProperty("top", `${top}px`);
}
