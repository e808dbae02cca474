/** Logos: sent to the server, which checks and redraws them, and offered in the panel. */

interface Logo {
  digest: string;
  name: string;
}

export class Uploader {
  constructor(
    private readonly root: HTMLElement,
    private readonly chosen: (digest: string) => void,
  ) {}

  /** The first logo there is, for a new element; "" without any. */
  get first(): string {
    return this.choices?.options[1]?.value ?? "";
  }

  listen(address: string, form: HTMLFormElement): void {
    const input = this.root.querySelector<HTMLInputElement>("[data-upload]");
    input?.addEventListener("change", async () => {
      const file = input.files?.[0];
      if (!file) return;
      const body = new FormData();
      body.append("picture", file);
      const token = form.elements.namedItem("csrfmiddlewaretoken") as HTMLInputElement;
      try {
        const response = await fetch(address, {
          method: "POST",
          headers: { Accept: "application/json", "X-CSRFToken": token.value },
          body,
        });
        const answer = (await response.json()) as Partial<Logo> & { fault?: string };
        this.say(answer.fault ?? "");
        if (answer.digest) this.take({ digest: answer.digest, name: answer.name ?? "" });
      } catch {
        this.say("✕");
      }
      input.value = "";
    });
  }

  private take(logo: Logo): void {
    const known = [...(this.choices?.options ?? [])].some(({ value }) => value === logo.digest);
    if (!known) this.choices?.append(new Option(logo.name, logo.digest));
    this.chosen(logo.digest);
  }

  private say(fault: string): void {
    const line = this.root.querySelector<HTMLElement>("[data-upload-fault]");
    if (!line) return;
    line.textContent = fault;
    line.hidden = fault === "";
  }

  private get choices(): HTMLSelectElement | null {
    return this.root.querySelector<HTMLSelectElement>('select[data-prop="picture"]');
  }
}
