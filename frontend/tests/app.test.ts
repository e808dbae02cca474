import { beforeEach, describe, expect, it, vi } from "vitest";
import { confirmBeforeSubmit } from "../src/app/confirm";
import { copyOnClick } from "../src/app/copy";
import { showFocusOfDrawings } from "../src/app/drawings";
import { closeMenusOnLeave } from "../src/app/menus";
import { focusSearchOnSlash } from "../src/app/search";

/** A document of its own for each test, so that listeners do not add up. */
let page: Document;

beforeEach(() => {
  page = document.implementation.createHTMLDocument("test");
});

function press(target: EventTarget, key: string, extra: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...extra });
  target.dispatchEvent(event);
  return event;
}

describe("the search shortcut", () => {
  beforeEach(() => {
    page.body.innerHTML = "<p></p><textarea></textarea><input data-search-box>";
    focusSearchOnSlash(page);
  });

  it("goes to the box and swallows the slash", () => {
    const focus = vi.spyOn(page.querySelector("input") as HTMLInputElement, "focus");
    expect(press(page.querySelector("p") as Element, "/").defaultPrevented).toBe(true);
    expect(focus).toHaveBeenCalledOnce();
  });

  it("leaves a slash that is being typed alone", () => {
    expect(press(page.querySelector("textarea") as Element, "/").defaultPrevented).toBe(false);
  });

  it("leaves other keys and the browser's own shortcuts alone", () => {
    const place = page.querySelector("p") as Element;
    expect(press(place, "a").defaultPrevented).toBe(false);
    expect(press(place, "/", { ctrlKey: true }).defaultPrevented).toBe(false);
  });
});

describe("menus", () => {
  const menu = () => page.querySelector("details") as HTMLDetailsElement;

  beforeEach(() => {
    page.body.innerHTML =
      '<details class="sy-menu" open><summary>Menu</summary><a href="#">In</a></details><p></p>';
    closeMenusOnLeave(page);
  });

  it("close on a click elsewhere, not on one inside", () => {
    menu()
      .querySelector("a")
      ?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    expect(menu().open).toBe(true);
    page.querySelector("p")?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    expect(menu().open).toBe(false);
  });

  it("close on Escape and give the focus back", () => {
    const focus = vi.spyOn(menu().querySelector("summary") as HTMLElement, "focus");
    press(menu().querySelector("a") as Element, "Escape");
    expect(menu().open).toBe(false);
    expect(focus).toHaveBeenCalledOnce();
  });
});

describe("the copy button", () => {
  it("copies the text and says so", async () => {
    const writeText = vi.fn().mockResolvedValue(undefined);
    vi.stubGlobal("navigator", { clipboard: { writeText } });
    page.body.innerHTML =
      '<span class="sy-copy"><button data-copy="0952" data-copied="Copied"></button></span><div id="sy-live"></div>';
    copyOnClick(page);
    page.querySelector("button")?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await vi.waitFor(() => expect(page.getElementById("sy-live")?.textContent).toBe("Copied"));
    expect(writeText).toHaveBeenCalledWith("0952");
    expect(page.querySelector(".sy-copy")?.hasAttribute("data-copied")).toBe(true);
    vi.unstubAllGlobals();
  });
});

describe("a form with a question", () => {
  const form = () => page.querySelector("form[data-confirm]") as HTMLFormElement;
  const dialog = () => page.querySelector("dialog") as HTMLDialogElement;

  function submit(): boolean {
    const event = new Event("submit", { bubbles: true, cancelable: true });
    form().dispatchEvent(event);
    return !event.defaultPrevented;
  }

  beforeEach(() => {
    page.body.innerHTML =
      '<form data-confirm="ask"><button>Close</button></form><dialog id="ask"></dialog>';
    dialog().showModal = vi.fn();
    form().requestSubmit = vi.fn();
    confirmBeforeSubmit(page);
  });

  it("is held until the answer is yes", () => {
    expect(submit()).toBe(false);
    expect(dialog().showModal).toHaveBeenCalledOnce();
    dialog().returnValue = "yes";
    dialog().dispatchEvent(new Event("close"));
    expect(form().requestSubmit).toHaveBeenCalledOnce();
  });

  it("is dropped when the answer is no, and asks again the next time", () => {
    submit();
    dialog().returnValue = "no";
    dialog().dispatchEvent(new Event("close"));
    expect(form().requestSubmit).not.toHaveBeenCalled();
    expect(submit()).toBe(false);
  });

  it("is sent at once when its dialog is missing", () => {
    dialog().remove();
    expect(submit()).toBe(true);
  });
});

describe("a picture wider than its scroller", () => {
  it("opens with its focus in the middle", () => {
    page.body.innerHTML = '<div class="sy-drawing-scroll"><i class="is-focus"></i></div>';
    const scroller = page.querySelector("div") as HTMLElement;
    scroller.getBoundingClientRect = () => new DOMRect(0, 0, 100, 50);
    (page.querySelector("i") as HTMLElement).getBoundingClientRect = () =>
      new DOMRect(400, 0, 20, 50);
    showFocusOfDrawings(page);
    expect(scroller.scrollLeft).toBe(360);
  });

  it("is left alone without a focus", () => {
    page.body.innerHTML = '<div class="sy-drawing-scroll"></div>';
    showFocusOfDrawings(page);
    expect((page.querySelector("div") as HTMLElement).scrollLeft).toBe(0);
  });
});
