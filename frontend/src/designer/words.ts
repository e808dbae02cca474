/** Sentences and names, written by the server in the reader's language. */
import { boxOf, type Kind, type LabelElement, round } from "./model";

export interface Table {
  kinds: Record<Kind, string>;
  symbologies: Record<string, string>;
  [name: string]: string | Record<string, string>;
}

const LONGEST_NAME = 24;

export class Words {
  constructor(private readonly table: Table) {}

  /** A sentence with its values: `%(name)s`, as the server writes them. */
  say(name: string, values: Readonly<Record<string, string>> = {}): string {
    const sentence = String(this.table[name] ?? "");
    return sentence.replace(/%\((\w+)\)s/g, (_, key: string) => values[key] ?? "");
  }

  /** What an element is called in lists and hints. */
  nameOf(element: LabelElement, index: number): string {
    const kind = this.table.kinds[element.kind];
    if (element.kind === "text") return short(element.text) || kind;
    if (element.kind === "code") return this.table.symbologies[element.symbology] ?? kind;
    return `${kind} ${index + 1}`;
  }

  /** What a screen reader says of an element on the stage. */
  describe(element: LabelElement, index: number): string {
    const box = boxOf(element);
    return this.say("at", {
      name: `${index + 1} ${this.table.kinds[element.kind]}: ${this.nameOf(element, index)}`,
      x: String(round(element.x)),
      y: String(round(element.y)),
      size: `${round(box.width)} × ${round(box.height)}`,
    });
  }

  placeOf(element: LabelElement): string {
    return this.say("moved", { x: String(round(element.x)), y: String(round(element.y)) });
  }
}

function short(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1)}…` : line;
}
