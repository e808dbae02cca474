/** `[data-copy="text"]`: a click copies the text and says so to eye and ear. */
export function copyOnClick(root: Document): void {
  root.addEventListener("click", async (event) => {
    const button = (event.target as Element | null)?.closest<HTMLElement>("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    announce(root, button.dataset.copied ?? "");
    const holder = button.closest<HTMLElement>(".sy-copy") ?? button;
    holder.dataset.copied = "";
    setTimeout(() => delete holder.dataset.copied, 1600);
  });
}

/** Say `message` through the page's polite live region. */
export function announce(root: Document, message: string): void {
  const region = root.getElementById("sy-live");
  if (region) region.textContent = message;
}
