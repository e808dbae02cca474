/** The paper's form: its fields as a value, and back. */
import type { Paper } from "./model";
import { valueIn } from "./panel";

type Control = HTMLInputElement | HTMLSelectElement;

export class PaperForm {
  constructor(
    private readonly root: HTMLElement,
    private readonly changed: (paper: Paper) => void,
  ) {
    root.addEventListener("input", () => this.read());
    root.addEventListener("change", () => this.read());
    this.showKind(this.kind);
  }

  /** Fill in what is given; the other kind of paper keeps what stands there. */
  show(paper: Paper): void {
    for (const [name, value] of Object.entries(paper)) {
      const control = this.control(name);
      if (!control || control === document.activeElement) continue;
      if (control instanceof HTMLInputElement && control.type === "checkbox") {
        control.checked = value === true;
      } else if (control.value !== String(value)) control.value = String(value);
    }
    this.showKind(String(paper.kind));
  }

  /** Say what is wrong at its field: places such as `/sheet/columns`. */
  mark(places: readonly string[]): void {
    const wrong = new Set(places.map((place) => place.replace("/sheet/", "paper-")));
    for (const control of this.root.querySelectorAll<Control>("[name]")) {
      if (wrong.has(control.name)) control.setAttribute("aria-invalid", "true");
      else control.removeAttribute("aria-invalid");
    }
  }

  private get kind(): string {
    return this.control("kind")?.value ?? "sheet";
  }

  private read(): void {
    const kind = this.kind;
    this.showKind(kind);
    const paper: Record<string, string | number | boolean> = { kind };
    const groups = [kind, "both"].map((code) => `[data-paper-kind="${code}"] [name^="paper-"]`);
    for (const control of this.root.querySelectorAll<Control>(groups.join(","))) {
      const value = valueIn(control);
      if (value !== undefined && value !== "") {
        paper[nameOf(control)] = value as string | number | boolean;
      }
    }
    if (kind === "sheet") {
      paper.columns ??= 1;
      paper.rows ??= 1;
    }
    this.changed(paper);
  }

  private showKind(kind: string): void {
    for (const group of this.root.querySelectorAll<HTMLElement>("[data-paper-kind]")) {
      const own = group.dataset.paperKind;
      group.hidden = own !== kind && own !== "both";
    }
    const custom = this.control("page")?.value === "custom";
    for (const name of ["page_width_mm", "page_height_mm"]) {
      const field = this.control(name)?.closest<HTMLElement>(".sy-field");
      if (field) field.hidden = !custom;
    }
  }

  private control(name: string): Control | null {
    return this.root.querySelector<Control>(`[name="paper-${name}"]`);
  }
}

function nameOf(control: Control): string {
  return control.name.replace(/^paper-/, "");
}
