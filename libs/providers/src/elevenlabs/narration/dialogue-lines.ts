import type { DialogueChunk, DialogueLine } from '../../ports/narration';
import type { CharacterAlignment, SpeechChunk } from '../../ports/text-to-speech';
import type { VoiceSegment } from './timed-audio';

/**
 * Finds out which line of a dialogue each piece of its audio speaks, from what the vendor says, or else from the characters that are
 * spoken in it.
 */
export class DialogueLines {
  /** Position in the joined text at which each line begins. */
  readonly #begins: number[] = [];
  #starts: VoiceSegment[] = [];
  #current: number | undefined;
  #samples = 0;
  #characters = 0;

  constructor(
    lines: readonly DialogueLine[],
    private readonly sampleRateHz: number,
  ) {
    let position = 0;
    for (const { text } of lines) {
      this.#begins.push(position);
      position += text.length;
    }
  }

  /** Takes what the vendor says about the audio that follows. It may repeat itself. */
  begin(segments: readonly VoiceSegment[]): void {
    for (const segment of segments) {
      const isKnown = this.#starts.some(({ line }) => line === segment.line) || segment.line <= (this.#current ?? -1);
      if (!isKnown && segment.line < this.#begins.length && segment.line >= 0) this.#starts.push(segment);
    }
    this.#starts.sort((one, other) => one.startMs - other.startMs);
  }

  /** Divides a chunk where another line begins. */
  *divide({ pcm, alignment }: SpeechChunk): Generator<DialogueChunk, void> {
    let rest = pcm;
    let told = alignment;
    for (let [next] = this.#starts; next; [next] = this.#starts) {
      const at = Math.round((next.startMs * this.sampleRateHz) / 1000) - this.#samples;
      if (at >= rest.length) break;
      if (at > 0) {
        const [before, behind] = divideAlignment(told, next.startMs);
        yield this.#chunk(rest.subarray(0, at), before);
        [rest, told] = [rest.subarray(at), behind];
      }
      this.#current = next.line;
      this.#starts.shift();
    }
    yield this.#chunk(rest, told);
  }

  #chunk(pcm: Int16Array, alignment: CharacterAlignment | undefined): DialogueChunk {
    this.#samples += pcm.length;
    const line = this.#current ?? this.#lineAt(this.#characters);
    this.#characters += alignment?.chars.join('').length ?? 0;
    return { pcm, ...(alignment && { alignment }), ...(line !== undefined && { line }) };
  }

  #lineAt(position: number): number | undefined {
    const line = this.#begins.findLastIndex((begin) => begin <= position);
    return line < 0 ? undefined : line;
  }
}

function divideAlignment(
  alignment: CharacterAlignment | undefined,
  atMs: number,
): [CharacterAlignment | undefined, CharacterAlignment | undefined] {
  if (!alignment) return [undefined, undefined];
  const index = alignment.startMs.findIndex((ms) => ms >= atMs);
  const end = index < 0 ? alignment.chars.length : index;
  return [slice(alignment, 0, end), slice(alignment, end, alignment.chars.length)];
}

function slice({ chars, startMs, durationMs }: CharacterAlignment, from: number, to: number): CharacterAlignment | undefined {
  if (from >= to) return undefined;
  return { chars: chars.slice(from, to), startMs: startMs.slice(from, to), durationMs: durationMs.slice(from, to) };
}
