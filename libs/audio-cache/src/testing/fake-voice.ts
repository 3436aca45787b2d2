import type { AudioChunk } from '../audio-chunk';
import type { SpeakRequest } from '../audio-cache';
import type { VoiceIdentity } from '../identity';

export const identityOf = (text: string): VoiceIdentity => ({ provider: 'fake', model: 'm1', voiceId: 'v1', text, sampleRateHz: 24_000 });

/** A chunk whose samples and alignment tell it from every other one. */
export function chunkOf(seed: number, samples = 100): AudioChunk {
  return {
    pcm: Int16Array.from({ length: samples }, (_, i) => ((seed * 7919 + i * 31) % 65_536) - 32_768),
    alignment: { chars: ['a', 'b'], startMs: [seed * 100, seed * 100 + 10], durationMs: [10, 20] },
  };
}

export async function collect(stream: AsyncIterable<AudioChunk>): Promise<AudioChunk[]> {
  const chunks: AudioChunk[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

/** A provider whose chunks come when the test says so. */
export class FakeVoice {
  /** How often it was asked. */
  asked = 0;
  /** How often it was told to stop. */
  aborted = 0;
  readonly #given: (AudioChunk | 'end' | Error)[] = [];
  readonly #wakes = new Set<() => void>();

  give(...items: (AudioChunk | 'end' | Error)[]): void {
    this.#given.push(...items);
    this.#wakeAll();
  }

  request(text: string, rest: Partial<SpeakRequest> = {}): SpeakRequest {
    return { identity: identityOf(text), make: (signal) => this.#speak(signal), ...rest };
  }

  async *#speak(signal: AbortSignal): AsyncGenerator<AudioChunk> {
    this.asked++;
    signal.addEventListener('abort', () => {
      this.aborted++;
      this.#wakeAll();
    });
    while (!signal.aborted) {
      const item = this.#given.shift();
      if (item === 'end') return;
      if (item instanceof Error) throw item;
      if (item) yield item;
      else await new Promise<void>((resolve) => this.#wakes.add(resolve));
    }
  }

  #wakeAll(): void {
    for (const wake of this.#wakes) wake();
    this.#wakes.clear();
  }
}

/** A request for audio that is there at once. */
export function readyRequest(text: string, chunks: readonly AudioChunk[], rest: Partial<SpeakRequest> = {}): SpeakRequest {
  return {
    identity: identityOf(text),
    make: async function* () {
      yield* chunks;
    },
    ...rest,
  };
}
