/**
 * A label's design and its paper, as the server reads and writes them (`core.labels`).
 *
 * All lengths are millimetres from the label's top left corner; type sizes are points. Every
 * function returns a new value: what was kept for undo never changes.
 */

export type Symbology = "qr" | "datamatrix" | "gs1_datamatrix" | "gs1_128";

interface Place {
  x: number;
  y: number;
}
export interface CodeElement extends Place {
  kind: "code";
  size_mm: number;
  symbology: Symbology;
  content: string;
  level: string;
  height_mm: number;
}
export interface TextElement extends Place {
  kind: "text";
  width_mm: number;
  text: string;
  size_pt: number;
  bold: boolean;
  align: "left" | "center" | "right";
  lines: number;
}
export interface PictureElement extends Place {
  kind: "picture";
  width_mm: number;
  height_mm: number;
  picture: string;
}
export interface LineElement extends Place {
  kind: "line";
  length_mm: number;
  vertical: boolean;
  thickness_mm: number;
}
export interface BoxElement extends Place {
  kind: "box";
  width_mm: number;
  height_mm: number;
  thickness_mm: number;
  filled: boolean;
}
export type LabelElement = CodeElement | TextElement | PictureElement | LineElement | BoxElement;
export type Kind = LabelElement["kind"];

export interface Design {
  width_mm: number;
  height_mm: number;
  elements: readonly LabelElement[];
}

/** A sheet or a roll; its fields are the server's, and the form's. */
export type Paper = Readonly<Record<string, string | number | boolean>>;

export interface Label {
  design: Design;
  sheet: Paper;
}

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The corner or edge that is pulled: any of n, s, e, w together. */
export type Edge = "n" | "s" | "e" | "w" | "ne" | "nw" | "se" | "sw";

const LINE_HEIGHT = 1.25;
const MM_PER_PT = 25.4 / 72;
const LEAST_SIDE = 0.5;
const LEAST_CODE: Readonly<Record<Symbology, number>> = {
  qr: 5,
  datamatrix: 3,
  gs1_datamatrix: 3,
  gs1_128: 20,
};
/** What each symbology can bear, the usual first. */
export const CONTENTS: Readonly<Record<Symbology, readonly string[]>> = {
  qr: ["link", "inner_link", "inner", "epc"],
  datamatrix: ["link", "inner_link", "inner", "epc"],
  gs1_datamatrix: ["elements", "sscc"],
  gs1_128: ["sscc", "elements"],
};
const EDGES: Readonly<Record<Kind, readonly Edge[]>> = {
  code: ["nw", "ne", "sw", "se"],
  text: ["e", "w", "s", "se"],
  picture: ["n", "s", "e", "w", "ne", "nw", "se", "sw"],
  line: ["e", "w"],
  box: ["n", "s", "e", "w", "ne", "nw", "se", "sw"],
};

/** Write a length as people do: at most two decimals. */
export function round(value: number, step = 0.01): number {
  return Number((Math.round(value / step) * step).toFixed(2));
}

/** How high so many lines of a type are. */
export function textHeight(size: number, lines: number): number {
  return ((lines - 1) * LINE_HEIGHT + 1) * size * MM_PER_PT;
}

/** What an element may cover. */
export function boxOf(element: LabelElement): Box {
  const { x, y } = element;
  switch (element.kind) {
    case "code":
      return {
        x,
        y,
        width: element.size_mm,
        height: element.symbology === "gs1_128" ? element.height_mm : element.size_mm,
      };
    case "text":
      return {
        x,
        y,
        width: element.width_mm,
        height: textHeight(element.size_pt, element.lines),
      };
    case "line":
      return element.vertical
        ? { x, y, width: element.thickness_mm, height: element.length_mm }
        : { x, y, width: element.length_mm, height: element.thickness_mm };
    default:
      return { x, y, width: element.width_mm, height: element.height_mm };
  }
}

/** The edges and corners by which an element is resized. */
export function edgesOf(element: LabelElement): readonly Edge[] {
  if (element.kind === "line") return element.vertical ? ["n", "s"] : ["e", "w"];
  if (element.kind === "code" && element.symbology === "gs1_128") return EDGES.box;
  return EDGES[element.kind];
}

/** Put an element at a place, within the label. */
export function moveTo(design: Design, element: LabelElement, x: number, y: number): LabelElement {
  const box = boxOf(element);
  return {
    ...element,
    x: round(clamp(x, 0, design.width_mm - box.width)),
    y: round(clamp(y, 0, design.height_mm - box.height)),
  };
}

/** Pull an edge to where the pointer is; the opposite edge stays. */
export function resizeTo(
  design: Design,
  element: LabelElement,
  edge: Edge,
  to: { x: number; y: number },
): LabelElement {
  const old = boxOf(element);
  const left = edge.includes("w") ? clamp(to.x, 0, old.x + old.width - LEAST_SIDE) : old.x;
  const top = edge.includes("n") ? clamp(to.y, 0, old.y + old.height - LEAST_SIDE) : old.y;
  const right = edge.includes("e")
    ? clamp(to.x, old.x + LEAST_SIDE, design.width_mm)
    : old.x + old.width;
  const bottom = edge.includes("s")
    ? clamp(to.y, old.y + LEAST_SIDE, design.height_mm)
    : old.y + old.height;
  const box = { x: left, y: top, width: right - left, height: bottom - top };
  switch (element.kind) {
    case "code":
      return resizedCode(design, element, edge, box);
    case "text":
      return resizedText(design, element, edge, box);
    case "line":
      return {
        ...element,
        x: round(left),
        y: round(top),
        length_mm: round(element.vertical ? box.height : box.width),
      };
    default:
      return {
        ...element,
        x: round(left),
        y: round(top),
        width_mm: round(box.width),
        height_mm: round(box.height),
      };
  }
}

function resizedCode(design: Design, element: CodeElement, edge: Edge, box: Box): CodeElement {
  const least = LEAST_CODE[element.symbology];
  const old = boxOf(element);
  const west = edge.includes("w");
  if (element.symbology === "gs1_128") {
    const width = Math.max(box.width, Math.min(least, design.width_mm));
    return {
      ...element,
      x: round(west ? old.x + old.width - width : box.x),
      y: round(box.y),
      size_mm: round(width),
      height_mm: round(box.height),
    };
  }
  const north = edge.includes("n");
  const room = Math.min(
    west ? old.x + old.width : design.width_mm - old.x,
    north ? old.y + old.height : design.height_mm - old.y,
  );
  const size = clamp(Math.max(box.width, box.height), least, Math.max(room, least));
  return {
    ...element,
    x: round(west ? old.x + old.width - size : old.x),
    y: round(north ? old.y + old.height - size : old.y),
    size_mm: round(size),
  };
}

function resizedText(design: Design, element: TextElement, edge: Edge, box: Box): TextElement {
  const placed = { ...element, x: round(box.x), width_mm: round(box.width) };
  if (edge === "se") {
    // The corner scales the type with its width, as one expects of a corner.
    const size = clamp(round(element.size_pt * (box.width / element.width_mm), 0.5), 2, 200);
    const fits = element.y + textHeight(size, element.lines) <= design.height_mm + 0.005;
    return fits ? { ...placed, size_pt: size } : placed;
  }
  if (!edge.includes("s")) return placed;
  const line = element.size_pt * MM_PER_PT;
  const room = Math.floor(((design.height_mm - element.y) / line - 1) / LINE_HEIGHT + 1 + 0.001);
  const wanted = Math.round((box.height / line - 1) / LINE_HEIGHT + 1);
  return { ...placed, lines: clamp(wanted, 1, Math.max(1, Math.min(50, room))) };
}

/** Change a property; what depends on it follows. */
export function withValue(element: LabelElement, name: string, value: unknown): LabelElement {
  const changed = { ...element, [name]: value } as LabelElement;
  if (changed.kind !== "code" || name !== "symbology") return changed;
  const allowed = CONTENTS[changed.symbology];
  return {
    ...changed,
    content: allowed.includes(changed.content) ? changed.content : (allowed[0] ?? "link"),
    size_mm: Math.max(changed.size_mm, LEAST_CODE[changed.symbology]),
  };
}

/** Put what no longer fits a smaller label back inside, smaller where it must be. */
export function fitWithin(design: Design): Design {
  return { ...design, elements: design.elements.map((element) => fitted(design, element)) };
}

function fitted(design: Design, element: LabelElement): LabelElement {
  const box = boxOf(element);
  if (box.x + box.width <= design.width_mm && box.y + box.height <= design.height_mm) {
    return element;
  }
  let smaller = element;
  if (box.width > design.width_mm) {
    smaller = resizeTo(design, { ...smaller, x: 0 }, "e", { x: design.width_mm, y: box.y });
  }
  if (boxOf(smaller).height > design.height_mm) {
    smaller = resizeTo(design, { ...smaller, y: 0 }, "s", { x: box.x, y: design.height_mm });
  }
  return moveTo(design, smaller, smaller.x, smaller.y);
}

/** A new element of a kind, in the middle of the label. */
export function newElement(design: Design, kind: Kind, text: string, picture = ""): LabelElement {
  const { width_mm: width, height_mm: height } = design;
  const side = Math.max(5, round(Math.min(width, height) / 2, 0.5));
  const wide = Math.max(2, round(width / 2, 0.5));
  const made: Record<Kind, () => LabelElement> = {
    code: () => ({
      kind: "code",
      x: 0,
      y: 0,
      size_mm: side,
      symbology: "qr",
      content: "link",
      level: "M",
      height_mm: Math.min(12, height),
    }),
    text: () => ({
      kind: "text",
      x: 0,
      y: 0,
      width_mm: wide,
      text,
      size_pt: 8,
      bold: false,
      align: "left",
      lines: 1,
    }),
    picture: () => ({
      kind: "picture",
      x: 0,
      y: 0,
      width_mm: wide,
      height_mm: Math.max(2, round(height / 3, 0.5)),
      picture,
    }),
    line: () => ({
      kind: "line",
      x: 0,
      y: 0,
      length_mm: wide,
      vertical: false,
      thickness_mm: 0.25,
    }),
    box: () => ({
      kind: "box",
      x: 0,
      y: 0,
      width_mm: wide,
      height_mm: Math.max(2, round(height / 3, 0.5)),
      thickness_mm: 0.25,
      filled: false,
    }),
  };
  const element = made[kind]();
  const box = boxOf(element);
  const middle = { x: (width - box.width) / 2, y: (height - box.height) / 2 };
  return moveTo(design, element, round(middle.x, 0.5), round(middle.y, 0.5));
}

/** Replace one element. */
export function replaced(design: Design, index: number, element: LabelElement): Design {
  return { ...design, elements: design.elements.map((old, at) => (at === index ? element : old)) };
}

/** Take one element out. */
export function without(design: Design, index: number): Design {
  return { ...design, elements: design.elements.filter((_, at) => at !== index) };
}

/** Draw an element sooner (-1) or later (1); later is in front. */
export function reordered(design: Design, index: number, by: number): Design {
  const to = clamp(index + by, 0, design.elements.length - 1);
  const elements = [...design.elements];
  elements.splice(to, 0, ...elements.splice(index, 1));
  return { ...design, elements };
}

export function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, Math.max(least, most)));
}
