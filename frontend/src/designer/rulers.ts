/** Millimetre rulers along the stage: they follow zoom and scrolling. */
import { node } from "./svg";

const FINE = [1, 5, 10, 50];
const LEAST_GAP = 5; // pixels between ticks, below which fewer are drawn
const LABEL_GAP = 28; // pixels between numbers

/** How far apart ticks and numbers stand, in millimetres, at so many pixels to one. */
export function divisions(scale: number): { tick: number; label: number } {
  const tick = FINE.find((step) => step * scale >= LEAST_GAP) ?? 50;
  const label =
    [5, 10, 20, 50, 100].find((step) => step * scale >= LABEL_GAP && step >= tick) ?? 100;
  return { tick, label };
}

/**
 * Draw one ruler.
 *
 * `origin` is where the label's edge lies on it, in pixels; `range` what is marked on it: the
 * chosen element's extent, in millimetres.
 */
export function drawRuler(
  ruler: SVGSVGElement,
  axis: "x" | "y",
  scale: number,
  origin: number,
  range: readonly [number, number] | null,
): void {
  const length = axis === "x" ? ruler.clientWidth : ruler.clientHeight;
  const depth = axis === "x" ? ruler.clientHeight : ruler.clientWidth;
  const { tick, label } = divisions(scale);
  const marks: Node[] = [];
  if (range) {
    const at = origin + range[0] * scale;
    const long = Math.max(1, (range[1] - range[0]) * scale);
    marks.push(
      node("rect", {
        class: "sy-lb-range",
        ...(axis === "x"
          ? { x: at, y: 0, width: long, height: depth }
          : { x: 0, y: at, width: depth, height: long }),
      }),
    );
  }
  const path: string[] = [];
  const first = Math.ceil(-origin / scale / tick) * tick;
  for (let mm = first; origin + mm * scale <= length; mm += tick) {
    const at = Math.round(origin + mm * scale) + 0.5;
    const named = mm % label === 0;
    const size = named ? depth * 0.55 : mm % 5 === 0 ? depth * 0.35 : depth * 0.2;
    path.push(axis === "x" ? `M${at} ${depth}v${-size}` : `M${depth} ${at}h${-size}`);
    if (named) {
      marks.push(
        node(
          "text",
          axis === "x" ? { x: at + 2, y: 9 } : { x: 2, y: at - 3, class: "sy-lb-upright" },
          String(mm),
        ),
      );
    }
  }
  ruler.replaceChildren(node("path", { d: path.join("") }), ...marks);
}
