/** Ask the server how a label looks and what may go wrong; one question at a time, the newest. */
import type { Label, Paper } from "./model";

export interface Remark {
  element: number | null;
  tone: string;
  text: string;
}

export interface Fault {
  place: string;
  element: number | null;
  text: string;
}

export interface Answer {
  svg?: string;
  sheet_svg?: string;
  sheet?: Paper;
  remarks?: Remark[];
  faults: Fault[];
}

const REST_MS = 60;

export class Asker {
  private timer = 0;
  private asking = false;
  private next: (() => Promise<void>) | null = null;

  constructor(
    private readonly address: string,
    private readonly token: string,
    private readonly answered: (answer: Answer, label: Label, filled: boolean) => void,
    private readonly failed: () => void,
  ) {}

  /** Ask soon; a question that comes meanwhile takes the place of this one. */
  ask(label: Label, example: string, fill = false): void {
    this.next = () => this.send(label, example, fill);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.go(), REST_MS);
  }

  private async go(): Promise<void> {
    if (this.asking || !this.next) return;
    const send = this.next;
    this.next = null;
    this.asking = true;
    try {
      await send();
    } catch {
      this.failed();
    } finally {
      this.asking = false;
    }
    if (this.next) await this.go();
  }

  private async send(label: Label, example: string, fill: boolean): Promise<void> {
    const response = await fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify({ ...label, example, fill }),
    });
    if (!response.ok) throw new Error(String(response.status));
    this.answered((await response.json()) as Answer, label, fill);
  }
}
