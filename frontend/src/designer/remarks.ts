/** What is wrong and what may go wrong: as notes, and as marks on the elements. */
import { icon } from "./list";
import type { Answer, Remark } from "./preview";

export type Mark = "bad" | "warn";

const SIGNS: Readonly<Record<string, string>> = { good: "circle-check", info: "info-circle" };

export class Remarks {
  private said: Remark[] = [];
  private faults: Answer["faults"] = [];
  private asked = false;

  constructor(
    private readonly sprite: string,
    private readonly allGood: string,
  ) {}

  /** Take an answer; one without a drawing keeps the hints of the last. */
  take(answer: Answer): void {
    this.asked = true;
    this.faults = answer.faults;
    if (answer.remarks) this.said = answer.remarks;
  }

  /** How bad it is for each element. */
  get marks(): ReadonlyMap<number, Mark> {
    const marks = new Map<number, Mark>();
    for (const { element, tone } of this.said) {
      if (element !== null && tone === "warn") marks.set(element, "warn");
    }
    for (const { element } of this.faults) if (element !== null) marks.set(element, "bad");
    return marks;
  }

  /** The properties of an element that are wrong. */
  wrongOf(index: number | null): ReadonlySet<string> {
    const own = this.faults.filter(({ element }) => index !== null && element === index);
    return new Set(own.map(({ place }) => place.split("/").at(-1) ?? ""));
  }

  get places(): string[] {
    return this.faults.map(({ place }) => place);
  }

  /** Notes about one element, or (undefined) about all, each with the way to its element. */
  notes(of: number | null | undefined, nameOf: (index: number) => string | null): HTMLElement[] {
    const all: Remark[] = [
      ...this.faults.map(({ element, text }) => ({ element, tone: "bad", text })),
      ...this.said,
    ];
    if (of !== undefined) {
      const own = all.filter(({ element }) => element !== null && element === of);
      return own.map((remark) => this.note(remark, null));
    }
    if (!all.length && this.asked) {
      return [this.note({ element: null, tone: "good", text: this.allGood }, null)];
    }
    return all.map((remark) =>
      this.note(remark, remark.element === null ? null : nameOf(remark.element)),
    );
  }

  private note(remark: Remark, name: string | null): HTMLElement {
    const note = document.createElement("div");
    note.className = `sy-note sy-tone-${remark.tone}`;
    const text = document.createElement("div");
    if (name !== null) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sy-lb-go";
      button.dataset.choose = String(remark.element);
      button.textContent = name;
      text.append(button, " ");
    }
    text.append(remark.text);
    note.append(icon(SIGNS[remark.tone] ?? "alert-triangle", this.sprite), text);
    return note;
  }
}
