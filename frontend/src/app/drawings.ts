/** A picture wider than its scroller opens with its focus (`.is-focus`) in view. */
export function showFocusOfDrawings(root: Document): void {
  for (const scroller of root.querySelectorAll<HTMLElement>(".sy-drawing-scroll")) {
    const focus = scroller.querySelector(".is-focus");
    if (!focus) continue;
    const box = focus.getBoundingClientRect();
    const frame = scroller.getBoundingClientRect();
    scroller.scrollLeft += box.left + box.width / 2 - (frame.left + frame.width / 2);
    scroller.scrollTop += box.top + box.height / 2 - (frame.top + frame.height / 2);
  }
}
