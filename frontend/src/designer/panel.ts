/** The properties of the chosen element: the server's form fields, filled and read here. */
import type { LabelElement } from "./model";

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** Properties that make sense of one kind of code alone. */
const ONLY: Readonly<Record<string, (element: LabelElement) => boolean>> = {
  level: (element) => element.kind === "code" && element.symbology === "qr",
  height_mm: (element) => element.kind !== "code" || element.symbology === "gs1_128",
};

export class Panel {
  private shown: LabelElement | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly allowed: (element: LabelElement, property: string) => readonly string[] | null,
    private readonly changed: (property: string, value: unknown) => void,
  ) {
    root.addEventListener("input", (event) => this.read(event));
    root.addEventListener("change", (event) => this.read(event));
  }

  show(element: LabelElement | null): void {
    this.shown = element;
    for (const group of this.root.querySelectorAll<HTMLElement>("[data-kind]")) {
      group.hidden = group.dataset.kind !== element?.kind;
      if (!element || group.hidden) continue;
      for (const control of group.querySelectorAll<Control>("[data-prop]")) {
        this.fill(control, element);
      }
    }
  }

  /** Say what is wrong beside its field; elsewhere nothing is. */
  mark(faults: ReadonlySet<string>): void {
    for (const control of this.root.querySelectorAll<Control>("[data-kind] [data-prop]")) {
      const wrong = this.isShown(control) && faults.has(control.dataset.prop ?? "");
      if (wrong) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }

  focus(): void {
    const group = this.root.querySelector(`[data-kind="${this.shown?.kind}"]`);
    group?.querySelector<HTMLElement>("[data-prop]")?.focus();
  }

  /** Put a placeholder where the cursor stands in the text. */
  insert(name: string): void {
    const area = this.root.querySelector<HTMLTextAreaElement>('textarea[data-prop="text"]');
    if (!area) return;
    area.setRangeText(`{${name}}`, area.selectionStart, area.selectionEnd, "end");
    area.focus();
    this.changed("text", area.value);
  }

  private isShown(control: Control): boolean {
    return control.closest<HTMLElement>("[data-kind]")?.dataset.kind === this.shown?.kind;
  }

  private fill(control: Control, element: LabelElement): void {
    const property = control.dataset.prop ?? "";
    const value = (element as unknown as Record<string, unknown>)[property];
    const field = control.closest<HTMLElement>(".sy-field");
    const wanted = ONLY[property]?.(element) ?? true;
    if (field) field.hidden = !wanted;
    if (control instanceof HTMLSelectElement) this.offer(control, element, property);
    if (control instanceof HTMLInputElement && control.type === "checkbox") {
      control.checked = value === true;
      return;
    }
    const text = value === undefined || value === null ? "" : String(value);
    // What is being typed stays as it is: "1." would else become "1" under one's fingers.
    if (control === document.activeElement && same(control, text)) return;
    if (control.value !== text) control.value = text;
  }

  /** Hide what the kind of code cannot bear. */
  private offer(control: HTMLSelectElement, element: LabelElement, property: string): void {
    const allowed = this.allowed(element, property);
    if (!allowed) return;
    for (const option of control.options) {
      option.hidden = option.disabled = !allowed.includes(option.value);
    }
  }

  private read(event: Event): void {
    const control = event.target as Control;
    const property = control.dataset?.prop;
    if (!property || !this.shown || !this.isShown(control)) return;
    const value = valueIn(control);
    if (value !== undefined) this.changed(property, value);
  }
}

/** What a control holds; undefined while a number is half typed. */
export function valueIn(control: Control): unknown {
  if (control instanceof HTMLInputElement && control.type === "checkbox") return control.checked;
  if (control instanceof HTMLInputElement && control.type === "number") {
    const number = control.valueAsNumber;
    return Number.isFinite(number) ? number : undefined;
  }
  return control.value;
}

function same(control: Control, text: string): boolean {
  if (control instanceof HTMLInputElement && control.type === "number") {
    return control.value === "" || Number(control.value) === Number(text);
  }
  return control.value === text;
}
