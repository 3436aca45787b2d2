/** An utterance that only stores its text. */
export class FakeUtterance {
  onstart: (() => void) | null = null;
  onend: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly text: string) {}
}

/** A speech synthesis that speaks when the test says so. */
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
