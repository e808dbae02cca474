/**
 * `form[data-wedge-form]` with `[data-wedge]` inputs: a scanner that types and ends with Enter moves
 * on to the next empty field, and sends the form after the last one.
 *
 * Without a script Enter sends the form at once; the server then asks for the missing field.
 */
export function moveOnWithEnter(root: Document): void {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    const field = event.target as HTMLInputElement | null;
    const form = field?.closest?.<HTMLFormElement>("form[data-wedge-form]");
    if (!form || !field?.matches("[data-wedge]")) return;
    event.preventDefault();
    const next = [...form.querySelectorAll<HTMLInputElement>("[data-wedge]")].find(
      (one) => !one.value.trim(),
    );
    if (next) next.focus();
    else form.requestSubmit();
  });
}
