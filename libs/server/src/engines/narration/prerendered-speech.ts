import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { joinPcm } from '@parley/audio';
import { describeError, OUTPUT_SAMPLE_RATE_HZ } from '@parley/engine';
import { modelFor } from '@parley/narration';
import { type NarrationProvider, Once } from '@parley/providers';
import { SharedAudioCache } from '../../audio-cache/shared-audio-cache';
import type { StageProvider } from '../../providers/stage-providers';
import { NARRATION_DEFAULTS, type NarrationDefaults } from './narration-defaults';
import { NARRATION_PROVIDER } from './narration-provider.token';

/**
 * Short texts that are spoken again and again, by the expressive model, which is too slow for a conversation. Each is made once: it stays in
 * memory, and in the audio cache for the next start.
 */
@Injectable()
export class PrerenderedSpeech implements OnApplicationShutdown {
  private readonly logger = new Logger(PrerenderedSpeech.name);
  private readonly ending = new AbortController();
  private readonly made = new Map<string, Once<Int16Array>>();

  constructor(
    @Inject(SharedAudioCache) private readonly shared: Pick<SharedAudioCache, 'open'>,
    @Inject(NARRATION_PROVIDER) private readonly stage: Pick<StageProvider<Pick<NarrationProvider, 'info' | 'speakSegment'>>, 'port'>,
    @Inject(NARRATION_DEFAULTS) private readonly defaults: Pick<NarrationDefaults, 'voiceId'>,
  ) {}

  /** 16-bit mono PCM at `OUTPUT_SAMPLE_RATE_HZ`. Rejects with the failure of the voice, or when the program ends; the next call tries again. */
  of(text: string): Promise<Int16Array> {
    const known = this.made.get(text) ?? new Once(() => this.make(text));
    this.made.set(text, known);
    return known.get();
  }

  onApplicationShutdown(): void {
    this.ending.abort();
  }

  private async make(text: string): Promise<Int16Array> {
    const { port } = this.stage;
    const voice = { text, voiceId: this.defaults.voiceId, model: modelFor('prerendered'), sampleRateHz: OUTPUT_SAMPLE_RATE_HZ };
    // What the simulator speaks is not what the vendor would.
    const identity = { ...voice, provider: port.info.simulated ? `${port.info.name} (simulated)` : port.info.name };
    const speak = (signal: AbortSignal) => port.speakSegment(voice, signal);
    const cache = await this.shared.open().catch((error: unknown) => {
      this.logger.warn({ message: 'speech that was made is not kept for the next start', error: describeError(error) });
      return undefined;
    });
    const pieces: Int16Array[] = [];
    const { signal } = this.ending;
    for await (const { pcm } of cache?.speak({ identity, make: speak }, signal) ?? speak(signal)) pieces.push(pcm);
    // Both end early, without an error.
    signal.throwIfAborted();
    return joinPcm(pieces);
  }
}
