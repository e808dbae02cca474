import { beforeEach, describe, expect, it, vi } from "vitest";
import { History } from "../src/designer/history";
import { actOf } from "../src/designer/keys";
import { showAnew, showList } from "../src/designer/list";
import {
  boxOf,
  type CodeElement,
  type Design,
  fitWithin,
  type LabelElement,
  moveTo,
  newElement,
  reordered,
  resizeTo,
  type TextElement,
  textHeight,
  without,
  withValue,
} from "../src/designer/model";
import { aligned, dragged, nudged } from "../src/designer/moving";
import { Panel } from "../src/designer/panel";
import { PaperForm } from "../src/designer/paper";
import { type Answer, Asker } from "../src/designer/preview";
import { Remarks } from "../src/designer/remarks";
import { divisions } from "../src/designer/rulers";
import { readDrawing } from "../src/designer/svg";
import { Words } from "../src/designer/words";

const CODE: CodeElement = {
  kind: "code",
  x: 1,
  y: 1,
  size_mm: 16,
  symbology: "qr",
  content: "link",
  level: "M",
  height_mm: 12,
};
const TEXT: TextElement = {
  kind: "text",
  x: 20,
  y: 2,
  width_mm: 15,
  text: "{product}",
  size_pt: 8,
  bold: false,
  align: "left",
  lines: 2,
};
const DESIGN: Design = { width_mm: 38, height_mm: 21, elements: [CODE, TEXT] };

function inside(design: Design): boolean {
  return design.elements.every((element) => {
    const box = boxOf(element);
    const right = box.x + box.width <= design.width_mm + 0.011;
    return box.x >= 0 && box.y >= 0 && right && box.y + box.height <= design.height_mm + 0.011;
  });
}

describe("a design", () => {
  it("knows what its elements cover", () => {
    expect(boxOf(CODE)).toEqual({ x: 1, y: 1, width: 16, height: 16 });
    expect(boxOf({ ...CODE, symbology: "gs1_128" }).height).toBe(12);
    expect(boxOf(TEXT).height).toBeCloseTo(2.25 * 8 * (25.4 / 72));
    const line: LabelElement = {
      kind: "line",
      x: 0,
      y: 0,
      length_mm: 9,
      vertical: true,
      thickness_mm: 1,
    };
    expect(boxOf(line)).toMatchObject({ width: 1, height: 9 });
  });

  it("keeps elements within the label when they move", () => {
    expect(moveTo(DESIGN, CODE, -5, 99)).toMatchObject({ x: 0, y: 5 });
    expect(moveTo(DESIGN, CODE, 99, 0.123)).toMatchObject({ x: 22, y: 0.12 });
  });

  it("keeps codes square at every corner", () => {
    const se = resizeTo(DESIGN, CODE, "se", { x: 12, y: 30 }) as CodeElement;
    expect(se).toMatchObject({ x: 1, y: 1, size_mm: 20 });
    const nw = resizeTo(DESIGN, { ...CODE, x: 10, y: 3 }, "nw", { x: 14, y: 7 }) as CodeElement;
    expect(nw).toMatchObject({ x: 14, y: 7, size_mm: 12 });
    expect(resizeTo(DESIGN, CODE, "se", { x: 0, y: 0 })).toMatchObject({ size_mm: 5 });
  });

  it("lets texts grow by lines and by type size", () => {
    const low = resizeTo(DESIGN, TEXT, "s", { x: 0, y: 2 + textHeight(8, 4) });
    expect(low).toMatchObject({ lines: 4, size_pt: 8 });
    const large = resizeTo(DESIGN, { ...TEXT, width_mm: 9 }, "se", { x: 38, y: 0 });
    expect(large).toMatchObject({ width_mm: 18, size_pt: 16 });
    expect(resizeTo(DESIGN, TEXT, "s", { x: 0, y: 500 })).toMatchObject({ lines: 5 });
  });

  it("changes what a code can bear together with its kind", () => {
    expect(withValue(CODE, "symbology", "gs1_128")).toMatchObject({
      content: "sscc",
      size_mm: 20,
    });
    expect(withValue(CODE, "symbology", "datamatrix")).toMatchObject({ content: "link" });
  });

  it("takes its elements along when it gets smaller", () => {
    for (const [width, height] of [
      [20, 12],
      [10, 8],
      [6, 6],
    ] as const) {
      expect(inside(fitWithin({ ...DESIGN, width_mm: width, height_mm: height }))).toBe(true);
    }
    expect(fitWithin(DESIGN)).toEqual(DESIGN);
  });

  it("puts new elements inside, on any label", () => {
    for (const size of [5, 21, 150]) {
      const design = { width_mm: size, height_mm: size, elements: [] };
      for (const kind of ["text", "code", "picture", "line", "box"] as const) {
        const element = newElement(design, kind, "new");
        expect(inside({ ...design, elements: [element] })).toBe(true);
      }
    }
  });

  it("reorders and removes without touching what was", () => {
    expect(reordered(DESIGN, 0, 1).elements).toEqual([TEXT, CODE]);
    expect(reordered(DESIGN, 1, 5).elements).toEqual([CODE, TEXT]);
    expect(without(DESIGN, 0).elements).toEqual([TEXT]);
    expect(DESIGN.elements).toEqual([CODE, TEXT]);
  });
});

describe("moving", () => {
  const free = { grid: 0, near: 0 };

  it("catches on other elements' edges and shows the line", () => {
    const { design, guides } = dragged(DESIGN, 1, null, { x: 0, y: -0.9 }, { grid: 0, near: 0.5 });
    expect(design.elements[1]).toMatchObject({ y: 1 });
    expect(guides).toContainEqual({ axis: "y", at: 1 });
  });

  it("takes the grid where nothing is near, and neither when asked", () => {
    const grid = dragged(DESIGN, 1, null, { x: 0.3, y: 3.3 }, { grid: 0.5, near: 0 });
    expect(grid.design.elements[1]).toMatchObject({ x: 20.5, y: 5.5 });
    expect(dragged(DESIGN, 1, null, { x: 0.3, y: 0 }, free).design.elements[1]?.x).toBe(20.3);
  });

  it("pulls an edge and leaves the opposite one", () => {
    const { design } = dragged(DESIGN, 1, "w", { x: -2, y: 9 }, free);
    expect(design.elements[1]).toMatchObject({ x: 18, y: 2, width_mm: 17 });
  });

  it("moves by keys onto the half millimetre", () => {
    const odd = { ...DESIGN, elements: [{ ...CODE, x: 1.2 }] };
    expect(nudged(odd, 0, { x: 0.5, y: 0 }, false).elements[0]).toMatchObject({ x: 1.5, y: 1 });
    expect(nudged(DESIGN, 0, { x: 0, y: 0.5 }, true).elements[0]).toMatchObject({ size_mm: 16.5 });
    expect(nudged(DESIGN, 1, { x: 0, y: 0.5 }, true).elements[1]).toMatchObject({ lines: 3 });
    expect(nudged(DESIGN, 9, { x: 1, y: 0 }, false)).toBe(DESIGN);
  });

  it("aligns on the label", () => {
    expect(aligned(DESIGN, 0, "center").elements[0]).toMatchObject({ x: 11, y: 1 });
    expect(aligned(DESIGN, 0, "bottom").elements[0]).toMatchObject({ x: 1, y: 5 });
    expect(aligned(DESIGN, 0, "nowhere")).toBe(DESIGN);
  });
});

describe("undo", () => {
  it("goes back and forth, and forgets what was undone after a new change", () => {
    const history = new History("a", () => 0);
    history.commit("b");
    history.commit("c");
    expect([history.undo(), history.undo(), history.undo()]).toEqual(["b", "a", "a"]);
    expect(history.redo()).toBe("b");
    history.commit("d");
    expect(history.canRedo).toBe(false);
    expect(history.undo()).toBe("b");
  });

  it("takes quick changes of one kind as one", () => {
    let time = 0;
    const history = new History("", () => time);
    for (const text of ["h", "hi", "hi!"]) {
      history.commit(text, "0.text");
      time += 300;
    }
    time += 2000;
    history.commit("hi!?", "0.text");
    expect([history.undo(), history.undo()]).toEqual(["hi!", ""]);
  });
});

describe("keys", () => {
  const key = (name: string, more: KeyboardEventInit = {}) =>
    new KeyboardEvent("keydown", { key: name, ...more });

  it("move by half a millimetre, five with Shift, and resize with Ctrl", () => {
    expect(actOf(key("ArrowLeft"), true)).toEqual({ name: "move", by: { x: -0.5, y: 0 } });
    expect(actOf(key("ArrowDown", { shiftKey: true }), true)?.name).toBe("move");
    expect(actOf(key("ArrowDown", { shiftKey: true }), true)).toMatchObject({ by: { y: 5 } });
    expect(actOf(key("ArrowUp", { ctrlKey: true }), true)?.name).toBe("resize");
  });

  it("do nothing to elements when none has the focus", () => {
    expect(actOf(key("ArrowLeft"), false)).toBeNull();
    expect(actOf(key("Delete"), false)).toBeNull();
    expect(actOf(key("d", { ctrlKey: true }), false)).toBeNull();
  });

  it("undo, redo and save from anywhere", () => {
    expect(actOf(key("z", { ctrlKey: true }), false)).toEqual({ name: "undo" });
    expect(actOf(key("Z", { metaKey: true, shiftKey: true }), false)).toEqual({ name: "redo" });
    expect(actOf(key("s", { ctrlKey: true }), false)).toEqual({ name: "save" });
  });
});

describe("rulers", () => {
  it("never crowd their ticks", () => {
    expect(divisions(16)).toEqual({ tick: 1, label: 5 });
    expect(divisions(3)).toEqual({ tick: 5, label: 10 });
    expect(divisions(0.5)).toEqual({ tick: 10, label: 100 });
  });
});

describe("what is said of a label", () => {
  const answer: Answer = {
    svg: "<svg/>",
    remarks: [{ element: 1, tone: "warn", text: "small" }],
    faults: [{ place: "/design/elements/0/x", element: 0, text: "outside" }],
  };

  it("marks elements and properties", () => {
    const remarks = new Remarks("icons.svg", "fine");
    remarks.take(answer);
    expect([...remarks.marks]).toEqual([
      [1, "warn"],
      [0, "bad"],
    ]);
    expect([...remarks.wrongOf(0)]).toEqual(["x"]);
    expect(remarks.wrongOf(null).size).toBe(0);
    const notes = remarks.notes(undefined, (index) => `element ${index}`);
    expect(notes.map((note) => note.textContent)).toEqual(["element 0 outside", "element 1 small"]);
    expect(remarks.notes(1, () => null)).toHaveLength(1);
  });

  it("keeps hints while an answer brings none, and praises where nothing is wrong", () => {
    const remarks = new Remarks("icons.svg", "fine");
    expect(remarks.notes(undefined, () => null)).toHaveLength(0);
    remarks.take(answer);
    remarks.take({ faults: [] });
    expect(remarks.marks.get(1)).toBe("warn");
    remarks.take({ faults: [], remarks: [] });
    expect(remarks.notes(undefined, () => null)[0]?.textContent).toBe("fine");
  });

  it("takes text as text", () => {
    const remarks = new Remarks("icons.svg", "fine");
    remarks.take({ faults: [{ place: "", element: 0, text: "<img src=x>" }] });
    const [note] = remarks.notes(undefined, () => "<b>name</b>");
    expect(note?.querySelector("img, b")).toBeNull();
  });
});

describe("names", () => {
  const words = new Words({
    kinds: { text: "Text", code: "Code", picture: "Logo", line: "Line", box: "Box" },
    symbologies: { qr: "QR code" },
    at: "%(name)s, %(x)s from the left, %(y)s from the top, %(size)s",
  });

  it("say what an element is and where", () => {
    expect(words.nameOf({ ...TEXT, text: " two\n lines " }, 0)).toBe("two lines");
    expect(words.nameOf({ ...TEXT, text: "x".repeat(50) }, 0)).toHaveLength(24);
    expect(words.nameOf({ ...TEXT, text: "" }, 0)).toBe("Text");
    expect(words.describe(CODE, 0)).toBe(
      "1 Code: QR code, 1 from the left, 1 from the top, 16 × 16",
    );
    expect(words.say("unknown")).toBe("");
  });
});

describe("the list of elements", () => {
  const rows = [
    { element: CODE, name: "QR code", mark: null },
    { element: TEXT, name: "<b>name</b>", mark: "warn" as const },
  ];
  let list: HTMLOListElement;

  beforeEach(() => {
    document.body.innerHTML = "<ol></ol>";
    list = document.querySelector("ol") as HTMLOListElement;
  });

  it("shows the foremost first, as text", () => {
    showList(list, rows, 0, "icons.svg");
    const buttons = [...list.querySelectorAll("button")];
    expect(buttons.map((button) => button.dataset.choose)).toEqual(["1", "0"]);
    expect(buttons.map((button) => button.getAttribute("aria-pressed"))).toEqual(["false", "true"]);
    expect(list.querySelector("b")).toBeNull();
  });

  it("keeps the focus, and its nodes where nothing has changed", () => {
    showList(list, rows, 0, "icons.svg");
    const [first] = list.querySelectorAll("button");
    first?.focus();
    showList(list, rows, 0, "icons.svg");
    expect(list.querySelector("button")).toBe(first);
    showList(list, rows, 1, "icons.svg");
    expect((document.activeElement as HTMLElement).dataset.choose).toBe("1");
    showAnew(list, []);
    expect(list.children).toHaveLength(0);
  });
});

describe("the panel", () => {
  const changed = vi.fn();
  let panel: Panel;
  const control = (name: string) =>
    document.querySelector(`[data-prop="${name}"]`) as HTMLInputElement;

  beforeEach(() => {
    changed.mockReset();
    document.body.innerHTML = `
      <div id="root"><div data-kind="text" hidden><textarea data-prop="text"></textarea></div>
      <div data-kind="code" hidden>
        <div class="sy-field"><select data-prop="content"><option>link</option><option>sscc</option></select></div>
        <div class="sy-field"><input type="number" data-prop="size_mm"></div>
        <div class="sy-field"><input type="number" data-prop="height_mm"></div>
        <div class="sy-field"><select data-prop="level"><option>M</option></select></div>
      </div></div>`;
    panel = new Panel(
      document.getElementById("root") as HTMLElement,
      (_element, property) => (property === "content" ? ["link"] : null),
      changed,
    );
  });

  it("shows the fields that the kind has", () => {
    panel.show(CODE);
    expect(control("size_mm").value).toBe("16");
    expect(control("height_mm").closest<HTMLElement>(".sy-field")?.hidden).toBe(true);
    expect(control("level").closest<HTMLElement>(".sy-field")?.hidden).toBe(false);
    expect(document.querySelector<HTMLOptionElement>("option:nth-child(2)")?.disabled).toBe(true);
    panel.show(null);
    expect(document.querySelector<HTMLElement>("[data-kind=code]")?.hidden).toBe(true);
  });

  it("tells of numbers when they are whole, not while they are half typed", () => {
    panel.show(CODE);
    control("size_mm").value = "18.5";
    control("size_mm").dispatchEvent(new Event("input", { bubbles: true }));
    expect(changed).toHaveBeenLastCalledWith("size_mm", 18.5);
    control("size_mm").value = "";
    control("size_mm").dispatchEvent(new Event("input", { bubbles: true }));
    expect(changed).toHaveBeenCalledOnce();
  });

  it("puts a placeholder at the cursor", () => {
    panel.show({ ...TEXT, text: "ab" });
    const area = document.querySelector("textarea") as HTMLTextAreaElement;
    area.setSelectionRange(1, 1);
    panel.insert("lot");
    expect(changed).toHaveBeenLastCalledWith("text", "a{lot}b");
  });

  it("marks what is wrong", () => {
    panel.show(CODE);
    panel.mark(new Set(["size_mm"]));
    expect(control("size_mm").getAttribute("aria-invalid")).toBe("true");
    panel.mark(new Set());
    expect(control("size_mm").hasAttribute("aria-invalid")).toBe(false);
  });
});

describe("the paper's form", () => {
  const changed = vi.fn();
  const control = (name: string) =>
    document.querySelector(`[name="paper-${name}"]`) as HTMLInputElement;

  beforeEach(() => {
    changed.mockReset();
    document.body.innerHTML = `<section>
      <select name="paper-kind"><option>sheet</option><option>roll</option></select>
      <fieldset data-paper-kind="sheet"><input type="number" name="paper-columns" value="4">
        <input type="checkbox" name="paper-cut_marks"><button name="act" value="fill"></button></fieldset>
      <fieldset data-paper-kind="roll"><input type="number" name="paper-across" value="2"></fieldset>
      <fieldset data-paper-kind="both"><input type="number" name="paper-gap_x_mm" value="1.5"></fieldset>
    </section>`;
  });

  function make(): PaperForm {
    return new PaperForm(document.querySelector("section") as HTMLElement, changed);
  }

  it("reads the fields of its kind alone", () => {
    make();
    control("columns").dispatchEvent(new Event("input", { bubbles: true }));
    expect(changed).toHaveBeenLastCalledWith({
      kind: "sheet",
      columns: 4,
      cut_marks: false,
      gap_x_mm: 1.5,
      rows: 1,
    });
    control("kind").value = "roll";
    control("kind").dispatchEvent(new Event("change", { bubbles: true }));
    expect(changed).toHaveBeenLastCalledWith({ kind: "roll", across: 2, gap_x_mm: 1.5 });
    expect(document.querySelector<HTMLElement>("[data-paper-kind=sheet]")?.hidden).toBe(true);
  });

  it("shows a paper and marks its faults", () => {
    const form = make();
    form.show({ kind: "sheet", columns: 7, cut_marks: true });
    expect(control("columns").value).toBe("7");
    expect(control("cut_marks").checked).toBe(true);
    form.mark(["/sheet/columns", "/design/elements/0/x"]);
    expect(control("columns").getAttribute("aria-invalid")).toBe("true");
  });
});

describe("asking for a preview", () => {
  const label = { design: DESIGN, sheet: { kind: "roll" } };

  it("asks one question at a time, the newest last", async () => {
    vi.useFakeTimers();
    const answers: ((value: Response) => void)[] = [];
    const ask = vi.fn(
      (_address: string, _options: RequestInit) =>
        new Promise<Response>((done) => answers.push(done)),
    );
    vi.stubGlobal("fetch", ask);
    const answered = vi.fn();
    const asker = new Asker("/preview", "token", answered, vi.fn());
    asker.ask(label, "a");
    asker.ask(label, "b");
    await vi.advanceTimersByTimeAsync(100);
    asker.ask(label, "c");
    asker.ask(label, "d", true);
    await vi.advanceTimersByTimeAsync(100);
    expect(ask).toHaveBeenCalledOnce();
    answers[0]?.(new Response('{"faults": []}'));
    await vi.advanceTimersByTimeAsync(100);
    const examples = ask.mock.calls.map(([, options]) => JSON.parse(String(options.body)).example);
    expect(examples).toEqual(["b", "d"]);
    answers[1]?.(new Response('{"faults": []}'));
    await vi.advanceTimersByTimeAsync(100);
    expect(answered.mock.calls.map(([, , filled]) => filled)).toEqual([false, true]);
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it("says so when the server cannot be reached, and asks again", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("fetch", vi.fn().mockRejectedValueOnce(new Error("offline")));
    const failed = vi.fn();
    const asker = new Asker("/preview", "token", vi.fn(), failed);
    asker.ask(label, "");
    await vi.advanceTimersByTimeAsync(100);
    expect(failed).toHaveBeenCalledOnce();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
});

describe("a drawing of the server's", () => {
  it("is taken when it is one", () => {
    const drawing = readDrawing(
      '<svg xmlns="http://www.w3.org/2000/svg"><g data-element="0"/></svg>',
    );
    expect(drawing?.querySelector("[data-element]")).not.toBeNull();
    expect(readDrawing("<html></html>")).toBeNull();
  });
});
