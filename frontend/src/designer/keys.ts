/** What keys do in the designer, as a table. */

export type Act =
  | { name: "move" | "resize"; by: { x: number; y: number } }
  | { name: "remove" | "duplicate" | "undo" | "redo" | "save" | "leave" | "edit" };

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const STEP = 0.5;
const LEAP = 5;
/** With Ctrl or Cmd. */
const COMMANDS: Readonly<Record<string, "duplicate" | "undo" | "redo" | "save">> = {
  d: "duplicate",
  z: "undo",
  y: "redo",
  s: "save",
};
/** Alone, on an element. */
const PLAIN: Readonly<Record<string, "remove" | "leave" | "edit">> = {
  Delete: "remove",
  Backspace: "remove",
  Escape: "leave",
  Enter: "edit",
};

/** The act of a key; `onElement` says whether an element has the focus. */
export function actOf(event: KeyboardEvent, onElement: boolean): Act | null {
  const command = event.ctrlKey || event.metaKey;
  const arrow = ARROWS[event.key];
  if (arrow && onElement) {
    const step = event.shiftKey ? LEAP : STEP;
    return {
      name: command || event.altKey ? "resize" : "move",
      by: { x: arrow[0] * step, y: arrow[1] * step },
    };
  }
  if (command) {
    const name = COMMANDS[event.key.toLowerCase()];
    if (name === "undo" && event.shiftKey) return { name: "redo" };
    if (name === "duplicate" && !onElement) return null;
    return name ? { name } : null;
  }
  const plain = PLAIN[event.key];
  return plain && onElement ? { name: plain } : null;
}

/** Whether keys belong to what is being typed. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches("input, textarea, select");
}
