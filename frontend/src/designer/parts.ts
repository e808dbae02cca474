/** The page's parts that the designer shows and changes, by the names that the template gives. */

export type Measure = "width_mm" | "height_mm";

export const MEASURES: readonly Measure[] = ["width_mm", "height_mm"];

export class Parts {
  constructor(
    readonly form: HTMLFormElement,
    readonly root: HTMLElement,
  ) {}

  get<Part extends Element = HTMLElement>(name: string): Part {
    return this.root.querySelector(`[data-${name}]`) as Part;
  }

  button(name: string): HTMLButtonElement {
    return this.root.querySelector(`[data-do="${name}"]`) as HTMLButtonElement;
  }

  ruler(axis: "x" | "y"): SVGSVGElement {
    return this.root.querySelector(`[data-ruler="${axis}"]`) as SVGSVGElement;
  }

  /** A control of the form, by the name under which it is sent. */
  control(name: string): HTMLInputElement {
    return this.form.elements.namedItem(name) as HTMLInputElement;
  }

  /** What the example's labels are filled with. */
  get example(): string {
    return this.get<HTMLSelectElement>("example").value;
  }

  get paper(): HTMLElement {
    return this.form.querySelector("[data-paper]") as HTMLElement;
  }

  say(text: string): void {
    this.get("status").textContent = text;
  }

  showSheet(drawing: SVGSVGElement): void {
    this.form.querySelector("[data-sheet-picture]")?.replaceChildren(drawing);
  }

  showSaved(text: string, clean: boolean): void {
    this.get("saved").textContent = text;
    this.get("saved").classList.toggle("is-open", !clean);
  }

  showZoom(share: number): void {
    this.get("zoom").textContent = `${Math.round(share * 100)} %`;
  }

  /** Save, as the button does it. */
  submit(): void {
    this.form.requestSubmit(this.root.querySelector<HTMLButtonElement>("[data-save]"));
  }
}
