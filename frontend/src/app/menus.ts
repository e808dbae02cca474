/** `details.sy-menu` closes when focus or a click goes elsewhere, or on Escape. */
export function closeMenusOnLeave(root: Document): void {
  const closeOthers = (target: EventTarget | null): void => {
    for (const menu of openMenus(root)) {
      if (!menu.contains(target as Node | null)) menu.open = false;
    }
  };
  root.addEventListener("click", (event) => closeOthers(event.target));
  root.addEventListener("focusin", (event) => closeOthers(event.target));
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus(root)) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}

function openMenus(root: Document): NodeListOf<HTMLDetailsElement> {
  return root.querySelectorAll<HTMLDetailsElement>("details.sy-menu[open]");
}
