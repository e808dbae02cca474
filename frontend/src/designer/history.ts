/** What was, for undo and redo; each state is a value that nobody changes. */

const MOST = 200;
const PAUSE_MS = 800;

export class History<State> {
  private past: State[] = [];
  private future: State[] = [];
  private lastKey = "";
  private lastAt = 0;

  constructor(
    private present: State,
    private readonly now: () => number = () => Date.now(),
  ) {}

  get state(): State {
    return this.present;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /**
   * Take a new state.
   *
   * Changes with the same `key` within less than a second count as one: ten presses of an arrow key,
   * or a word typed, are undone at once.
   */
  commit(state: State, key = ""): void {
    if (state === this.present) return;
    const at = this.now();
    const same = key !== "" && key === this.lastKey && at - this.lastAt < PAUSE_MS;
    if (!same) {
      this.past.push(this.present);
      if (this.past.length > MOST) this.past.shift();
    }
    this.present = state;
    this.future = [];
    this.lastKey = key;
    this.lastAt = at;
  }

  undo(): State {
    const state = this.past.pop();
    if (state !== undefined) {
      this.future.push(this.present);
      this.present = state;
    }
    this.lastKey = "";
    return this.present;
  }

  redo(): State {
    const state = this.future.pop();
    if (state !== undefined) {
      this.past.push(this.present);
      this.present = state;
    }
    this.lastKey = "";
    return this.present;
  }
}
