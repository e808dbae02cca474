/**
 * The label on its stage: the server's drawing, and over it what can be chosen, moved and pulled.
 *
 * The drawing always comes from the server, so that what is seen is what is printed. While an
 * element moves, its part of the drawing (`[data-element]`) moves along until the next one comes.
 */
import { type Box, boxOf, type Design, type Edge, edgesOf, type LabelElement } from "./model";
import { cornerOf, dragged } from "./moving";
import { drawRuler } from "./rulers";
import type { Guide } from "./snap";
import { node, setAll } from "./svg";

export interface Events {
  /** Something was chosen, or nothing. */
  choose(index: number | null): void;
  /** The design is changing under the pointer; `done` says that it was let go. */
  change(design: Design, done: boolean): void;
  /** What a screen reader says of an element. */
  describe(element: LabelElement, index: number): string;
}

interface Shown {
  design: Design;
  chosen: number | null;
  /** How many hints each element has, by its position; faults count as well. */
  marks: ReadonlyMap<number, "bad" | "warn">;
}

interface Drag {
  pointer: number;
  edge: Edge | null;
  index: number;
  from: { x: number; y: number };
  before: Design;
  moved: boolean;
}

const SLOP = 3; // pixels that a pointer may tremble before it drags
const PULL = 6; // pixels within which a line pulls
const HANDLE = 9; // pixels
const REACH = 24; // pixels around a handle that count as it
const ROOM = 28; // pixels around the label when it fits the stage
const MOST_SCALE = 40;
const LEAST_SCALE = 0.5;

export class Canvas {
  /** Pixels to a millimetre. */
  scale = 4;
  grid = 0.5;
  private shown: Shown = {
    design: { width_mm: 1, height_mm: 1, elements: [] },
    chosen: null,
    marks: new Map(),
  };
  private drawn: Design | null = null;
  private drag: Drag | null = null;
  private fitted = true;
  private guides: Guide[] = [];
  private readonly paper = node("rect", { class: "sy-lb-paper", x: 0, y: 0 });
  private readonly picture = node("g", { "aria-hidden": "true" });
  private readonly dots = node("path", { class: "sy-lb-dots", "aria-hidden": "true" });
  private readonly items = node("g");
  private readonly lines = node("g", { class: "sy-lb-guides", "aria-hidden": "true" });
  private readonly handles = node("g", { "aria-hidden": "true" });

  constructor(
    private readonly svg: SVGSVGElement,
    private readonly view: HTMLElement,
    private readonly rulers: { x: SVGSVGElement; y: SVGSVGElement },
    private readonly events: Events,
  ) {
    svg.append(this.paper, this.picture, this.dots, this.items, this.lines, this.handles);
    svg.addEventListener("pointerdown", (event) => this.press(event));
    svg.addEventListener("pointermove", (event) => this.pull(event));
    svg.addEventListener("pointerup", (event) => this.release(event, true));
    svg.addEventListener("pointercancel", (event) => this.release(event, false));
    // A finger on an element drags it, elsewhere it scrolls; `touch-action` knows no part of an SVG.
    const hold = (event: TouchEvent): void => {
      if ((event.target as Element).closest("[data-index], [data-edge]")) event.preventDefault();
    };
    svg.addEventListener("touchstart", hold, { passive: false });
    view.addEventListener("scroll", () => this.drawRulers(), { passive: true });
    view.addEventListener("pointerdown", (event) => {
      if (event.target === view) events.choose(null);
    });
    view.addEventListener("wheel", (event) => this.zoomByWheel(event), { passive: false });
    new ResizeObserver(() => (this.fitted ? this.fit() : this.place())).observe(view);
  }

  get dragging(): boolean {
    return this.drag !== null;
  }

  /** Show a design; elements keep their nodes, so that focus stays where it is. */
  show(shown: Shown): void {
    const resized =
      shown.design.width_mm !== this.shown.design.width_mm ||
      shown.design.height_mm !== this.shown.design.height_mm;
    this.shown = shown;
    if (resized && this.fitted) this.fit();
    else this.place();
  }

  /** Put the server's drawing of `design` under the elements. */
  setPicture(picture: SVGSVGElement | null, design: Design): void {
    this.drawn = design;
    if (picture) {
      setAll(picture, { x: 0, y: 0, width: design.width_mm, height: design.height_mm });
      this.picture.replaceChildren(picture);
    }
    this.movePicture();
  }

  /** Take back what the pointer is doing. */
  cancel(): boolean {
    if (!this.drag) return false;
    const { before } = this.drag;
    this.drag = null;
    this.guides = [];
    this.events.change(before, true);
    return true;
  }

  focus(index: number): void {
    (this.items.children[index] as SVGElement | undefined)?.focus();
  }

  fit(): void {
    const { width_mm: width, height_mm: height } = this.shown.design;
    const room = { x: this.view.clientWidth - 2 * ROOM, y: this.view.clientHeight - 2 * ROOM };
    if (room.x <= 0 || room.y <= 0) return;
    this.fitted = true;
    this.setScale(Math.min(room.x / width, room.y / height));
  }

  zoom(factor: number): void {
    this.fitted = false;
    this.setScale(this.scale * factor);
  }

  private setScale(scale: number): void {
    this.scale = Math.max(LEAST_SCALE, Math.min(scale, MOST_SCALE));
    this.place();
    this.view.dispatchEvent(new CustomEvent("zoom"));
  }

  private zoomByWheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  }

  // ---------------------------------------------------------------- drawing

  private place(): void {
    const { width_mm: width, height_mm: height } = this.shown.design;
    setAll(this.svg, {
      width: width * this.scale,
      height: height * this.scale,
      viewBox: `0 0 ${width} ${height}`,
    });
    setAll(this.paper, { width, height });
    this.placeDots(width, height);
    this.placeItems();
    this.placeHandles();
    this.placeGuides();
    this.movePicture();
    this.drawRulers();
  }

  private placeDots(width: number, height: number): void {
    const step = this.grid > 0 ? [this.grid, 1, 2, 5, 10].find((mm) => mm * this.scale >= 12) : 0;
    if (!step) {
      setAll(this.dots, { d: "" });
      return;
    }
    const path: string[] = [];
    for (let y = step; y < height; y += step) {
      for (let x = step; x < width; x += step) path.push(`M${x} ${y}h0`);
    }
    setAll(this.dots, { d: path.length > 20_000 ? "" : path.join("") });
  }

  private placeItems(): void {
    const { design, chosen, marks } = this.shown;
    while (this.items.children.length > design.elements.length) this.items.lastChild?.remove();
    design.elements.forEach((element, index) => {
      const item = (this.items.children[index] as SVGGElement | undefined) ?? this.newItem(index);
      const box = boxOf(element);
      const mark = marks.get(index) ?? null;
      setAll(item, {
        "aria-label": this.events.describe(element, index),
        "aria-pressed": String(index === chosen),
        class: `sy-lb-item${index === chosen ? " is-chosen" : ""}${mark ? ` is-${mark}` : ""}`,
      });
      this.placeParts(item, element, box, mark);
    });
  }

  private newItem(index: number): SVGGElement {
    const item = node("g", { tabindex: 0, role: "button", "data-index": index });
    item.append(
      node("rect", { class: "sy-lb-hit" }),
      node("rect", { class: "sy-lb-frame" }),
      node("path", { class: "sy-lb-mark" }),
    );
    item.addEventListener("focus", () => {
      if (this.shown.chosen !== index) this.events.choose(index);
    });
    this.items.append(item);
    return item;
  }

  private placeParts(item: SVGGElement, element: LabelElement, box: Box, mark: string | null) {
    const [hit, frame, sign] = [...item.children] as [Element, Element, Element];
    const least = 12 / this.scale; // thin lines can be caught, too
    const grow = {
      x: Math.max(0, least - box.width) / 2,
      y: Math.max(0, least - box.height) / 2,
    };
    setAll(hit, {
      x: box.x - grow.x,
      y: box.y - grow.y,
      width: box.width + 2 * grow.x,
      height: box.height + 2 * grow.y,
      // What stands within an empty box can still be reached.
      class: element.kind === "box" && !element.filled ? "sy-lb-hit is-hollow" : "sy-lb-hit",
    });
    setAll(frame, { x: box.x, y: box.y, width: box.width, height: box.height });
    const size = 14 / this.scale;
    const right = Math.min(box.x + box.width, this.shown.design.width_mm);
    setAll(sign, {
      d: mark ? `M${right - size} ${box.y}h${size}v${size}z` : "M0 0",
    });
  }

  private placeHandles(): void {
    const { design, chosen } = this.shown;
    const element = chosen === null ? undefined : design.elements[chosen];
    if (!element) {
      this.handles.replaceChildren();
      return;
    }
    const edges = edgesOf(element);
    const box = boxOf(element);
    const size = HANDLE / this.scale;
    const reach = REACH / this.scale;
    while (this.handles.children.length > 2 * edges.length) this.handles.lastChild?.remove();
    edges.forEach((edge, position) => {
      const { x, y } = cornerOf(box, edge);
      const [area, square] = this.handleAt(position);
      setAll(area, {
        "data-edge": edge,
        x: x - reach / 2,
        y: y - reach / 2,
        width: reach,
        height: reach,
      });
      setAll(square, { x: x - size / 2, y: y - size / 2, width: size, height: size });
    });
  }

  private handleAt(position: number): [Element, Element] {
    if (!this.handles.children[2 * position]) {
      this.handles.append(
        node("rect", { class: "sy-lb-reach" }),
        node("rect", { class: "sy-lb-handle" }),
      );
    }
    const all = this.handles.children;
    return [all[2 * position] as Element, all[2 * position + 1] as Element];
  }

  private placeGuides(): void {
    const { width_mm: width, height_mm: height } = this.shown.design;
    this.lines.replaceChildren(
      ...this.guides.map(({ axis, at }) =>
        axis === "x"
          ? node("line", { x1: at, x2: at, y1: 0, y2: height })
          : node("line", { x1: 0, x2: width, y1: at, y2: at }),
      ),
    );
  }

  /** Move the parts of the drawing to where their elements are by now. */
  private movePicture(): void {
    const { design } = this.shown;
    const drawn = this.drawn;
    if (!drawn) return;
    const same = drawn.elements.length === design.elements.length;
    for (const part of this.picture.querySelectorAll<SVGElement>("[data-element]")) {
      const index = Number(part.dataset.element);
      const [was, is] = [drawn.elements[index], design.elements[index]];
      const by = same && was && is && was.kind === is.kind ? shift(was, is) : null;
      setAll(part, { transform: by ? `translate(${by.x} ${by.y})` : null });
    }
  }

  private drawRulers(): void {
    const { design, chosen } = this.shown;
    const label = this.svg.getBoundingClientRect();
    const element = chosen === null ? undefined : design.elements[chosen];
    const box = element && boxOf(element);
    for (const axis of ["x", "y"] as const) {
      const ruler = this.rulers[axis];
      const edge = ruler.getBoundingClientRect();
      const origin = axis === "x" ? label.left - edge.left : label.top - edge.top;
      const start = box ? box[axis] : 0;
      const long = box ? (axis === "x" ? box.width : box.height) : 0;
      drawRuler(ruler, axis, this.scale, origin, box ? [start, start + long] : null);
    }
  }

  // ---------------------------------------------------------------- pointer

  private press(event: PointerEvent): void {
    if (event.button !== 0 || this.drag) return;
    const target = event.target as Element;
    const edge = (target.closest("[data-edge]") as SVGElement | null)?.dataset.edge as
      | Edge
      | undefined;
    const item = target.closest<SVGElement>("[data-index]");
    const index = edge ? this.shown.chosen : item ? Number(item.dataset.index) : null;
    if (index === null) {
      this.events.choose(null);
      return;
    }
    event.preventDefault();
    this.svg.setPointerCapture(event.pointerId);
    const before = this.shown.design;
    if (!edge) this.focus(index);
    this.drag = {
      pointer: event.pointerId,
      edge: edge ?? null,
      index,
      from: this.at(event),
      before,
      moved: false,
    };
  }

  private pull(event: PointerEvent): void {
    const drag = this.drag;
    if (!drag || drag.pointer !== event.pointerId) return;
    const at = this.at(event);
    const by = { x: at.x - drag.from.x, y: at.y - drag.from.y };
    if (!drag.moved && Math.hypot(by.x, by.y) * this.scale < SLOP) return;
    drag.moved = true;
    // Alt frees from lines and grid, as in most drawing programs.
    const ways = event.altKey ? { grid: 0, near: 0 } : { grid: this.grid, near: PULL / this.scale };
    const { design, guides } = dragged(drag.before, drag.index, drag.edge, by, ways);
    this.guides = guides;
    this.events.change(design, false);
  }

  private release(event: PointerEvent, keep: boolean): void {
    const drag = this.drag;
    if (!drag || drag.pointer !== event.pointerId) return;
    this.drag = null;
    this.guides = [];
    if (!drag.moved) {
      this.placeGuides();
      return;
    }
    this.events.change(keep ? this.shown.design : drag.before, true);
  }

  /** Where a pointer is, in millimetres. */
  private at(event: PointerEvent): { x: number; y: number } {
    const frame = this.svg.getBoundingClientRect();
    return {
      x: (event.clientX - frame.left) / this.scale,
      y: (event.clientY - frame.top) / this.scale,
    };
  }
}

function shift(was: LabelElement, is: LabelElement): { x: number; y: number } | null {
  const by = { x: is.x - was.x, y: is.y - was.y };
  return by.x || by.y ? by : null;
}
