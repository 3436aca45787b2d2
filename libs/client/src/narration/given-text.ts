import type { NarrationVoiceSettings } from '@parley/protocol';

/** What a narration was given to speak, in order. */
export type GivenPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'voice'; readonly voiceId: string; readonly settings?: NarrationVoiceSettings };

/** Keeps what a narration was given, so that another one can go on where it broke off. */
export class GivenText {
  private parts: GivenPart[] = [];

  add(part: GivenPart): void {
    this.parts.push(part);
  }

  /** Forgets this much of the text from the beginning, in UTF-16 units. The voice that speaks the rest is kept. */
  drop(length: number): void {
    let left = length;
    let voice: GivenPart | undefined;
    const rest: GivenPart[] = [];
    for (const part of this.parts) {
      if (part.type === 'voice') {
        if (left > 0 || rest.length === 0) voice = part;
        else rest.push(part);
      } else if (left < part.text.length) {
        rest.push({ type: 'text', text: part.text.slice(left) });
        left = 0;
      } else left -= part.text.length;
    }
    this.parts = voice ? [voice, ...rest] : rest;
  }

  /** All that was not dropped. */
  rest(): readonly GivenPart[] {
    return this.parts;
  }

  /** Whether there is any text left. */
  get hasText(): boolean {
    return this.parts.some((part) => part.type === 'text' && part.text.trim() !== '');
  }
}
