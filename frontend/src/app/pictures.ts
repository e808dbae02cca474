/**
 * `form[data-picture-drop]`: a picture that is pasted into the page or dropped onto the form is sent
 * as if it had been chosen; one that is chosen is sent at once.
 *
 * Without a script the form is sent by its button.
 */
export function sendDroppedPictures(root: Document): void {
  const form = root.querySelector<HTMLFormElement>("form[data-picture-drop]");
  const input = form?.querySelector<HTMLInputElement>('input[type="file"]');
  if (!form || !input) return;
  const send = (files: FileList | undefined): boolean => {
    const file = Array.from(files ?? []).find(isReadable);
    if (!file) return false;
    const chosen = new DataTransfer();
    chosen.items.add(file);
    input.files = chosen.files;
    form.requestSubmit();
    return true;
  };
  root.addEventListener("paste", (event) => {
    if (send((event as ClipboardEvent).clipboardData?.files)) event.preventDefault();
  });
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("is-over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    send((event as DragEvent).dataTransfer?.files);
  });
  form.addEventListener("change", (event) => {
    const changed = event.target as HTMLInputElement;
    if (changed.type === "file" && changed.files?.length) form.requestSubmit();
  });
}

function isReadable(file: File): boolean {
  return file.type.startsWith("image/") || file.type === "application/pdf";
}
