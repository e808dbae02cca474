/** Where a moving edge catches: the edges and middles of the label and of other elements, the grid. */
import { type Box, boxOf, type Design, round } from "./model";

/** A line that something has caught on: at `at` millimetres along `axis`. */
export interface Guide {
  axis: "x" | "y";
  at: number;
}

export interface Snapped {
  x: number;
  y: number;
  guides: Guide[];
}

interface Catch {
  by: number;
  guide: Guide | null;
}

/**
 * Move a box to where it catches.
 *
 * `near` is how far, in millimetres, a line pulls; `grid` the step that is taken elsewhere, 0 none.
 */
export function snapMove(
  design: Design,
  index: number,
  box: Box,
  grid: number,
  near: number,
): Snapped {
  const x = catchOn(
    [box.x, box.x + box.width / 2, box.x + box.width],
    lines(design, index, "x"),
    near,
    "x",
  );
  const y = catchOn(
    [box.y, box.y + box.height / 2, box.y + box.height],
    lines(design, index, "y"),
    near,
    "y",
  );
  return {
    x: x.guide ? box.x + x.by : onGrid(box.x, grid),
    y: y.guide ? box.y + y.by : onGrid(box.y, grid),
    guides: [x.guide, y.guide].filter((guide) => guide !== null),
  };
}

/** Move a pulled edge's point to where it catches. */
export function snapPoint(
  design: Design,
  index: number,
  point: { x: number; y: number },
  grid: number,
  near: number,
): Snapped {
  return snapMove(design, index, { ...point, width: 0, height: 0 }, grid, near);
}

export function onGrid(value: number, grid: number): number {
  return grid > 0 ? round(value, grid) : value;
}

function lines(design: Design, index: number, axis: "x" | "y"): number[] {
  const side = axis === "x" ? design.width_mm : design.height_mm;
  const found = [0, side / 2, side];
  design.elements.forEach((element, at) => {
    if (at === index) return;
    const box = boxOf(element);
    const [start, length] = axis === "x" ? [box.x, box.width] : [box.y, box.height];
    found.push(start, start + length / 2, start + length);
  });
  return found;
}

function catchOn(own: number[], targets: number[], near: number, axis: "x" | "y"): Catch {
  let best: Catch = { by: near, guide: null };
  for (const target of targets) {
    for (const edge of own) {
      const by = target - edge;
      if (Math.abs(by) < Math.abs(best.by)) best = { by, guide: { axis, at: target } };
    }
  }
  return best.guide ? best : { by: 0, guide: null };
}
