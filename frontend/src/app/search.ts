/** "/" goes to the search box from anywhere that is not itself a place to type. */
export function focusSearchOnSlash(root: Document): void {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target)) return;
    const box = root.querySelector<HTMLInputElement>("[data-search-box]");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  if (!element?.matches) return false;
  return element.isContentEditable || element.matches("input, textarea, select");
}
