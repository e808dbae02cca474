/** The designer as a whole: one state, and every part of the page that shows or changes it. */
import { Canvas } from "./canvas";
import { History } from "./history";
import { actOf, isTyping } from "./keys";
import { showAnew, showList } from "./list";
import {
  CONTENTS,
  type Design,
  fitWithin,
  type Kind,
  type Label,
  type LabelElement,
  moveTo,
  newElement,
  type Paper,
  reordered,
  replaced,
  without,
  withValue,
} from "./model";
import { aligned, nudged } from "./moving";
import { Panel } from "./panel";
import { PaperForm } from "./paper";
import { MEASURES, type Measure, Parts } from "./parts";
import { type Answer, Asker } from "./preview";
import { Remarks } from "./remarks";
import { readDrawing } from "./svg";
import { Uploader } from "./upload";
import { type Table, Words } from "./words";

export interface Data {
  design: Design;
  sheet: Paper;
  changed: boolean;
  preview: string;
  logos: string;
  sprite: string;
  words: Table;
}

const MM_TO_PX = 96 / 25.4; // at 100 %
export class Designer {
  private readonly parts: Parts;
  private readonly history: History<Label>;
  private readonly canvas: Canvas;
  private readonly panel: Panel;
  private readonly paper: PaperForm;
  private readonly asker: Asker;
  private readonly uploader: Uploader;
  private readonly words: Words;
  private readonly remarks: Remarks;
  private live: Design | null = null;
  private chosen: number | null = null;
  private saved: Label;
  private leaving = false;

  constructor(
    form: HTMLFormElement,
    root: HTMLElement,
    private readonly data: Data,
  ) {
    this.parts = new Parts(form, root);
    const start: Label = { design: data.design, sheet: data.sheet };
    this.history = new History(start);
    this.words = new Words(data.words);
    this.remarks = new Remarks(data.sprite, this.words.say("nothing"));
    this.saved = data.changed ? { ...start } : start;
    this.canvas = new Canvas(
      this.parts.get<SVGSVGElement>("canvas"),
      this.parts.get("view"),
      { x: this.parts.ruler("x"), y: this.parts.ruler("y") },
      {
        choose: (index) => this.choose(index),
        change: (design, done) => this.drag(design, done),
        describe: (element, index) => this.words.describe(element, index),
      },
    );
    this.panel = new Panel(
      root,
      (element, property) =>
        element.kind === "code" && property === "content" ? CONTENTS[element.symbology] : null,
      (property, value) => this.setProperty(property, value),
    );
    this.paper = new PaperForm(this.parts.paper, (sheet) =>
      this.commit({ ...this.state, sheet }, "paper"),
    );
    this.asker = new Asker(
      data.preview,
      this.parts.control("csrfmiddlewaretoken").value,
      (answer, label, filled) => this.answered(answer, label, filled),
      () => this.say("offline"),
    );
    this.uploader = new Uploader(this.parts.get("props"), (digest) => {
      this.setProperty("picture", digest);
      this.parts.say("");
    });
    this.listen();
    this.refresh();
    this.ask();
  }

  private get state(): Label {
    return this.history.state;
  }

  private get design(): Design {
    return this.live ?? this.state.design;
  }

  private get element(): LabelElement | null {
    return this.chosen === null ? null : (this.design.elements[this.chosen] ?? null);
  }

  // ---------------------------------------------------------------- changes

  /** Take a new state as it is, to be undone later. */
  private commit(label: Label, key = ""): void {
    this.live = null;
    // A field tells of its value twice, while it is typed and when it is left.
    if (JSON.stringify(label) !== JSON.stringify(this.state)) this.history.commit(label, key);
    this.refresh();
    this.ask();
  }

  private commitDesign(design: Design, key = ""): void {
    this.commit({ ...this.state, design }, key);
  }

  private drag(design: Design, done: boolean): void {
    if (done) {
      if (design === this.state.design) {
        this.live = null;
        this.refresh();
        this.ask();
      } else this.commitDesign(design);
      return;
    }
    this.live = design;
    this.refresh();
    this.ask();
  }

  private setProperty(property: string, value: unknown): void {
    const { element, chosen } = this;
    if (!element || chosen === null) return;
    const changed = withValue(element, property, value);
    this.commitDesign(replaced(this.design, chosen, changed), `${chosen}.${property}`);
  }

  private add(kind: Kind): void {
    const picture = this.uploader.first;
    const made = newElement(this.design, kind, this.words.say("new_text"), picture);
    const elements = [...this.design.elements, made];
    this.chosen = elements.length - 1;
    this.commitDesign({ ...this.design, elements });
    if (kind === "picture" && !picture) this.say("no_logo");
    if (kind === "text") this.panel.focus();
    else this.canvas.focus(this.chosen);
  }

  private remove(): void {
    const { chosen, element } = this;
    if (chosen === null || !element) return;
    const name = this.words.nameOf(element, chosen);
    const design = without(this.design, chosen);
    this.chosen = design.elements.length ? Math.min(chosen, design.elements.length - 1) : null;
    this.commitDesign(design);
    if (this.chosen !== null) this.canvas.focus(this.chosen);
    this.say("removed", { name });
  }

  private duplicate(): void {
    const { element } = this;
    if (!element) return;
    const copy = moveTo(this.design, element, element.x + 2, element.y + 2);
    const elements = [...this.design.elements, copy];
    this.chosen = elements.length - 1;
    this.commitDesign({ ...this.design, elements });
    this.canvas.focus(this.chosen);
  }

  private reorder(by: number): void {
    if (this.chosen === null) return;
    const to = Math.max(0, Math.min(this.chosen + by, this.design.elements.length - 1));
    const design = reordered(this.design, this.chosen, by);
    this.chosen = to;
    this.commitDesign(design);
  }

  private align(where: string): void {
    if (this.chosen !== null) this.commitDesign(aligned(this.design, this.chosen, where));
  }

  private nudge(by: { x: number; y: number }, resize: boolean): void {
    if (this.chosen === null) return;
    const design = nudged(this.design, this.chosen, by, resize);
    this.commitDesign(design, `${this.chosen}.${resize ? "resize" : "move"}`);
    if (this.element) this.parts.say(this.words.placeOf(this.element));
  }

  private resizeLabel(name: Measure, value: number): void {
    if (!Number.isFinite(value) || value < 5 || value > 500) return;
    const design = { ...this.state.design, [name]: value };
    this.commitDesign(fitWithin(design), name);
  }

  private go(back: boolean): void {
    this.live = null;
    if (back) this.history.undo();
    else this.history.redo();
    if (this.chosen !== null && this.chosen >= this.design.elements.length) this.chosen = null;
    for (const name of MEASURES) this.parts.control(name).value = String(this.design[name]);
    this.paper.show(this.state.sheet);
    this.refresh();
    this.ask();
  }

  private choose(index: number | null): void {
    if (this.chosen === index) return;
    this.chosen = index;
    this.refresh();
    if (this.element && index !== null) {
      this.say("chosen", { name: this.words.nameOf(this.element, index) });
    }
  }

  // ---------------------------------------------------------------- the page

  private refresh(): void {
    const { design, chosen, element } = this;
    const { marks } = this.remarks;
    this.canvas.show({ design, chosen, marks });
    this.panel.show(element);
    this.panel.mark(this.remarks.wrongOf(chosen));
    this.paper.mark(this.remarks.places);
    showList(
      this.parts.get("list"),
      design.elements.map((one, index) => ({
        element: one,
        name: this.words.nameOf(one, index),
        mark: marks.get(index) ?? null,
      })),
      chosen,
      this.data.sprite,
    );
    this.parts.get("empty").hidden = design.elements.length > 0;
    this.parts.get("props").hidden = element === null;
    this.parts.get("none").hidden = element !== null || design.elements.length === 0;
    this.parts.get("chosen").textContent =
      element && chosen !== null ? ` · ${this.words.nameOf(element, chosen)}` : "";
    this.showRemarks();
    this.parts.button("undo").disabled = !this.history.canUndo;
    this.parts.button("redo").disabled = !this.history.canRedo;
    this.showSaved();
  }

  private showRemarks(): void {
    const nameOf = (index: number): string | null => {
      const element = this.design.elements[index];
      return element ? this.words.nameOf(element, index) : null;
    };
    const own = this.remarks.notes(this.chosen, nameOf);
    showAnew(this.parts.get("element-remarks"), own);
    showAnew(this.parts.get("remarks"), this.remarks.notes(undefined, nameOf));
  }

  private showSaved(): void {
    const clean = this.isSaved;
    this.parts.showSaved(this.words.say(clean ? "saved" : "unsaved"), clean);
  }

  private get isSaved(): boolean {
    const { design, sheet } = this.state;
    return design === this.saved.design && sheet === this.saved.sheet && !this.live;
  }

  private ask(fillSheet = false): void {
    const label = { design: this.design, sheet: this.state.sheet };
    this.asker.ask(label, this.parts.example, fillSheet);
  }

  private answered(answer: Answer, label: Label, filled: boolean): void {
    this.remarks.take(answer);
    if (answer.svg !== undefined) this.canvas.setPicture(readDrawing(answer.svg), label.design);
    const sheet = answer.sheet_svg ? readDrawing(answer.sheet_svg) : null;
    if (sheet) this.parts.showSheet(sheet);
    if (filled && answer.sheet) {
      this.paper.show(answer.sheet);
      this.commit({ ...this.state, sheet: answer.sheet });
      return;
    }
    this.refresh();
  }

  private say(name: string, values: Readonly<Record<string, string>> = {}): void {
    this.parts.say(this.words.say(name, values));
  }

  // ---------------------------------------------------------------- listening

  private listen(): void {
    const { root, form } = this.parts;
    root.addEventListener("click", (event) => this.click(event.target as Element));
    document.addEventListener("keydown", (event) => this.key(event));
    this.parts.get<HTMLSelectElement>("grid").addEventListener("change", (event) => {
      this.canvas.grid = Number((event.target as HTMLSelectElement).value);
      this.refresh();
    });
    this.parts.get("example").addEventListener("change", () => this.ask());
    this.parts.get<HTMLSelectElement>("insert").addEventListener("change", (event) => {
      const select = event.target as HTMLSelectElement;
      if (select.value) this.panel.insert(select.value);
      select.value = "";
    });
    this.parts.get("view").addEventListener("zoom", () => this.showZoom());
    for (const name of MEASURES) {
      const control = this.parts.control(name);
      control.addEventListener("change", () => this.resizeLabel(name, control.valueAsNumber));
    }
    form.querySelector("[data-do=fill]")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.ask(true);
    });
    form.addEventListener("submit", () => this.send());
    window.addEventListener("beforeunload", (event) => {
      if (!this.leaving && !this.isSaved) event.preventDefault();
    });
    this.uploader.listen(this.data.logos, form);
    this.showZoom();
  }

  private send(): void {
    this.leaving = true;
    this.parts.control("design").value = JSON.stringify(this.state.design);
    this.parts.control("sheet").value = JSON.stringify(this.state.sheet);
  }

  private showZoom(): void {
    this.parts.showZoom(this.canvas.scale / MM_TO_PX);
  }

  private click(target: Element): void {
    const button = target.closest<HTMLElement>("button");
    if (!button) return;
    const { add, do: act, align, choose } = button.dataset;
    if (add) this.add(add as Kind);
    if (act) this.act(act);
    if (align) this.align(align);
    if (choose !== undefined) {
      this.choose(Number(choose));
      this.canvas.focus(Number(choose));
    }
  }

  private act(name: string): void {
    const acts: Record<string, () => void> = {
      undo: () => this.go(true),
      redo: () => this.go(false),
      "zoom-in": () => this.canvas.zoom(1.25),
      "zoom-out": () => this.canvas.zoom(1 / 1.25),
      fit: () => this.canvas.fit(),
      duplicate: () => this.duplicate(),
      remove: () => this.remove(),
      forward: () => this.reorder(1),
      back: () => this.reorder(-1),
    };
    acts[name]?.();
  }

  private key(event: KeyboardEvent): void {
    const onElement = (event.target as Element | null)?.closest?.(".sy-lb-item") != null;
    const act = actOf(event, onElement);
    if (!act) return;
    if (isTyping(event.target) && act.name !== "save") return;
    event.preventDefault();
    switch (act.name) {
      case "move":
      case "resize":
        this.nudge(act.by, act.name === "resize");
        break;
      case "save":
        this.parts.submit();
        break;
      case "leave":
        if (!this.canvas.cancel()) this.choose(null);
        break;
      case "edit":
        this.panel.focus();
        break;
      default:
        this.act(act.name);
    }
  }
}
