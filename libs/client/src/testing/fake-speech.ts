/** An utterance that only holds its words. */
export class FakeUtterance {
  onstart: (() => void) | null = null;
  onend: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly text: string) {}
}

/** A browser's voice that speaks when the spec says so. */
export class FakeSpeechSynthesis {
  readonly spoken: FakeUtterance[] = [];
  cancels = 0;
  paused = false;

  speak(utterance: FakeUtterance): void {
    this.spoken.push(utterance);
  }

  cancel(): void {
    this.cancels += 1;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }
}
