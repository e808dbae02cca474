import { type Data, Designer } from "./designer";

const form = document.querySelector<HTMLFormElement>("[data-label-form]");
const root = form?.querySelector<HTMLElement>("[data-designer]");
const data = document.getElementById("designer-data");

if (form && root && data) {
  // The rows of fields give way to the designer; their names must not be sent beside its JSON.
  for (const plain of form.querySelectorAll<HTMLElement>("[data-plain]")) plain.remove();
  root.hidden = false;
  new Designer(form, root, JSON.parse(data.textContent ?? "{}") as Data);
}
