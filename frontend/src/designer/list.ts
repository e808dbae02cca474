/** The elements as a list, the foremost on top: another way to choose one. */
import type { Kind, LabelElement } from "./model";

const ICONS: Readonly<Record<Kind, string>> = {
  text: "typography",
  code: "qrcode",
  picture: "photo",
  line: "line",
  box: "square",
};

export interface Row {
  element: LabelElement;
  name: string;
  mark: "bad" | "warn" | null;
}

/** Show rows; `sprite` is the address of the icons. */
export function showList(
  list: HTMLElement,
  rows: readonly Row[],
  chosen: number | null,
  sprite: string,
): void {
  const items = rows.map((row, index) => rowOf(row, index, index === chosen, sprite));
  showAnew(list, items.reverse());
}

/** Put nodes in the place of a list's, unless they are alike; the focus stays where it is. */
export function showAnew(list: Element, nodes: readonly HTMLElement[]): void {
  const alike =
    list.children.length === nodes.length &&
    nodes.every((node, at) => list.children[at]?.isEqualNode(node));
  if (alike) return;
  const focused = list.contains(document.activeElement)
    ? (document.activeElement as HTMLElement).dataset.choose
    : undefined;
  list.replaceChildren(...nodes);
  if (focused !== undefined) {
    list.querySelector<HTMLElement>(`[data-choose="${focused}"]`)?.focus();
  }
}

function rowOf(row: Row, index: number, chosen: boolean, sprite: string): HTMLLIElement {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.choose = String(index);
  button.setAttribute("aria-pressed", String(chosen));
  const number = document.createElement("small");
  number.textContent = String(index + 1);
  const name = document.createElement("span");
  name.textContent = row.name;
  button.append(number, icon(ICONS[row.element.kind], sprite), name);
  if (row.mark) {
    const sign = icon("alert-triangle", sprite);
    sign.classList.add(`is-${row.mark}`);
    button.append(sign);
  }
  item.append(button);
  return item;
}

export function icon(name: string, sprite: string): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "sy-icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
