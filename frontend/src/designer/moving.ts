/** What pointer and keys do to an element: pure, so that it can be tried without a screen. */
import {
  type Box,
  boxOf,
  type Design,
  type Edge,
  edgesOf,
  type LabelElement,
  moveTo,
  replaced,
  resizeTo,
} from "./model";
import { type Guide, onGrid, snapMove, snapPoint } from "./snap";

interface Point {
  x: number;
  y: number;
}

/** `grid`: the step in millimetres, 0 for none; `near`: how far a line pulls. */
export interface Ways {
  grid: number;
  near: number;
}

const KEY_GRID = 0.5;
const LINE_OF_TYPE = 0.441; // millimetres from line to line for a point of type

/** Drag an element, or an edge of it, `by` so much from where it was. */
export function dragged(
  before: Design,
  index: number,
  edge: Edge | null,
  by: Point,
  { grid, near }: Ways,
): { design: Design; guides: Guide[] } {
  const element = before.elements[index];
  if (!element) return { design: before, guides: [] };
  const box = boxOf(element);
  if (!edge) {
    const to = { ...box, x: box.x + by.x, y: box.y + by.y };
    const snapped = snapMove(before, index, to, grid, near);
    const moved = moveTo(before, element, snapped.x, snapped.y);
    return { design: replaced(before, index, moved), guides: snapped.guides };
  }
  const corner = cornerOf(box, edge);
  const to = { x: corner.x + by.x, y: corner.y + by.y };
  const snapped = snapPoint(before, index, to, grid, near);
  const along = { x: /[ew]/, y: /[ns]/ };
  return {
    design: replaced(before, index, resizeTo(before, element, edge, snapped)),
    guides: snapped.guides.filter(({ axis }) => along[axis].test(edge)),
  };
}

/** Move or resize an element by keys: `by` millimetres to one side. */
export function nudged(design: Design, index: number, by: Point, resize: boolean): Design {
  const element = design.elements[index];
  if (!element) return design;
  const box = boxOf(element);
  const step = (value: number, add: number) => (add ? onGrid(value + add, KEY_GRID) : value);
  const changed = resize
    ? resizedByKeys(design, element, box, by)
    : moveTo(design, element, step(box.x, by.x), step(box.y, by.y));
  return replaced(design, index, changed);
}

function resizedByKeys(design: Design, element: LabelElement, box: Box, by: Point): LabelElement {
  const edges = edgesOf(element);
  const wanted: Edge = by.x ? "e" : "s";
  const edge = edges.includes(wanted) ? wanted : edges.includes("se") ? "se" : null;
  if (!edge) return element;
  // A square grows both ways; a text by lines, as less than one would change nothing.
  const square = element.kind === "code" && edge === "se" ? by.x + by.y : null;
  const line = element.kind === "text" ? element.size_pt * LINE_OF_TYPE * Math.sign(by.y) : by.y;
  return resizeTo(design, element, edge, {
    x: box.x + box.width + (square ?? by.x),
    y: box.y + box.height + (square ?? line),
  });
}

/** Where the middle of an edge, or a corner, lies. */
export function cornerOf(box: Box, edge: Edge): Point {
  const x = edge.includes("w") ? 0 : edge.includes("e") ? 1 : 0.5;
  const y = edge.includes("n") ? 0 : edge.includes("s") ? 1 : 0.5;
  return { x: box.x + box.width * x, y: box.y + box.height * y };
}

/** Put an element at an edge of the label, or in its middle. */
export function aligned(design: Design, index: number, where: string): Design {
  const element = design.elements[index];
  if (!element) return design;
  const { width_mm: width, height_mm: height } = design;
  const box = boxOf(element);
  const places: Readonly<Record<string, readonly [number, number]>> = {
    left: [0, box.y],
    center: [(width - box.width) / 2, box.y],
    right: [width - box.width, box.y],
    top: [box.x, 0],
    middle: [box.x, (height - box.height) / 2],
    bottom: [box.x, height - box.height],
  };
  const to = places[where];
  return to ? replaced(design, index, moveTo(design, element, ...to)) : design;
}
