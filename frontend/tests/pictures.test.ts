import { beforeEach, describe, expect, it, vi } from "vitest";
import { sendDroppedPictures } from "../src/app/pictures";

let page: Document;

/** Stands for what a browser hands over; happy-dom's own takes no files. */
class Handed {
  files: File[] = [];
  items = { add: (file: File) => this.files.push(file) };
}

const png = () => new File(["x"], "shot.png", { type: "image/png" });
const form = () => page.querySelector("form") as HTMLFormElement;
const input = () => page.querySelector("input") as HTMLInputElement;

function hand(target: EventTarget, name: string, key: string, files: File[]): Event {
  const event = new Event(name, { bubbles: true, cancelable: true });
  Object.defineProperty(event, key, { value: { files } });
  target.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  vi.stubGlobal("DataTransfer", Handed);
  page = document.implementation.createHTMLDocument("test");
  page.body.innerHTML = '<form data-picture-drop><input type="file"><input name="page"></form>';
  Object.defineProperty(input(), "files", { value: [], writable: true });
  form().requestSubmit = vi.fn();
  sendDroppedPictures(page);
});

describe("a picture", () => {
  it("is sent when it is pasted anywhere", () => {
    const event = hand(page, "paste", "clipboardData", [png()]);
    expect(form().requestSubmit).toHaveBeenCalledOnce();
    expect(event.defaultPrevented).toBe(true);
    expect(Array.from(input().files ?? []).map((file) => file.name)).toEqual(["shot.png"]);
  });

  it("is sent when it is dropped, and the form looks ready while it hovers", () => {
    expect(hand(form(), "dragover", "dataTransfer", []).defaultPrevented).toBe(true);
    expect(form().classList.contains("is-over")).toBe(true);
    hand(form(), "drop", "dataTransfer", [png()]);
    expect(form().classList.contains("is-over")).toBe(false);
    expect(form().requestSubmit).toHaveBeenCalledOnce();
  });

  it("is sent when it is chosen", () => {
    input().files = [png()] as unknown as FileList;
    input().dispatchEvent(new Event("change", { bubbles: true }));
    expect(form().requestSubmit).toHaveBeenCalledOnce();
  });
});

describe("anything else", () => {
  it("is left to the browser when it is pasted", () => {
    const text = new File(["x"], "a.txt", { type: "text/plain" });
    expect(hand(page, "paste", "clipboardData", [text]).defaultPrevented).toBe(false);
    expect(hand(page, "paste", "clipboardData", []).defaultPrevented).toBe(false);
    expect(form().requestSubmit).not.toHaveBeenCalled();
  });

  it("does not send the form when it is typed", () => {
    page.querySelector("[name=page]")?.dispatchEvent(new Event("change", { bubbles: true }));
    form().dispatchEvent(new Event("dragleave"));
    expect(form().requestSubmit).not.toHaveBeenCalled();
  });

  it("is no matter of a page without such a form", () => {
    page.body.innerHTML = "";
    expect(() => sendDroppedPictures(page)).not.toThrow();
  });
});
