/**
 * `form[data-document-drop]`: a text file dropped on the form fills its field and is sent at once; a
 * chosen file is sent at once. `[data-go-line="12"]`: a click selects that line in the document.
 *
 * Without a script the form is sent by its button, and the line's number is there to read.
 */
export function workWithDocuments(root: Document): void {
  const form = root.querySelector<HTMLFormElement>("form[data-document-drop]");
  const input = form?.querySelector<HTMLInputElement>('input[type="file"]');
  const field = form?.querySelector<HTMLTextAreaElement>("textarea");
  if (!form || !input || !field) return;
  form.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("is-over");
  });
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    const files = event.dataTransfer?.files;
    if (!files?.length) return;
    input.files = files;
    form.requestSubmit();
  });
  input.addEventListener("change", () => {
    if (input.files?.length) form.requestSubmit();
  });
  root.addEventListener("click", (event) => {
    const link = (event.target as Element | null)?.closest<HTMLElement>("[data-go-line]");
    if (!link || !field.value) return;
    event.preventDefault();
    goToLine(field, Number(link.dataset.goLine));
  });
}

/** Select a line, counted from 1, and bring it into view. */
export function goToLine(field: HTMLTextAreaElement, line: number): void {
  const lines = field.value.split("\n");
  const before = lines.slice(0, line - 1).join("\n");
  const start = before.length + (line > 1 ? 1 : 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  const height = Number.parseFloat(getComputedStyle(field).lineHeight) || 20;
  field.scrollTop = Math.max(0, (line - 4) * height);
  field.scrollIntoView({ block: "center" });
}
