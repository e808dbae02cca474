/**
 * `form[data-confirm="dialog-id"]`: ask in that `<dialog>` before the form is sent.
 *
 * Without a script the form is sent at once, so a view that destroys something asks on a page of
 * its own as well. The dialog's buttons carry `value="yes"` and `value="no"`.
 */
export function confirmBeforeSubmit(root: Document): void {
  root.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const dialog = dialogOf(root, form);
    if (!dialog || form.dataset.confirmed === "yes") return;
    event.preventDefault();
    const submitter = (event as SubmitEvent).submitter as HTMLButtonElement | null;
    dialog.returnValue = "no";
    dialog.showModal();
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "yes") return;
        form.dataset.confirmed = "yes";
        form.requestSubmit(submitter);
        delete form.dataset.confirmed;
      },
      { once: true },
    );
  });
}

function dialogOf(root: Document, form: HTMLFormElement): HTMLDialogElement | null {
  const id = form.dataset?.confirm;
  return id ? (root.getElementById(id) as HTMLDialogElement | null) : null;
}
