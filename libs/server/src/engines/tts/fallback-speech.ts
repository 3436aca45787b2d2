import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { parseWav, resamplePcm16 } from '@parley/audio';
import type { Stage } from '@parley/conversation';
import { OUTPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import type { TextToSpeech } from '@parley/providers';
import { RUNTIME_PATHS, type RuntimePaths } from '../../config/runtime-paths';
import { SETTINGS, type Settings } from '../../config/settings';
import { speakLine } from '@parley/engine';
import { TEXT_TO_SPEECH } from './text-to-speech.token';

const STAGES: readonly Stage[] = ['stt', 'llm', 'tts'];

/**
 * The sentences that are spoken when a stage fails, as prepared audio so that they work even when the voice has failed: in the configured
 * voice if that was available at start-up, otherwise as the recordings that are shipped. Kept as long as the server runs, and shared by all
 * connections.
 */
@Injectable()
export class FallbackSpeech implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(FallbackSpeech.name);
  private readonly prepared = new Map<Stage, Int16Array>();
  private readonly shutdown = new AbortController();

  constructor(
    @Inject(TEXT_TO_SPEECH) private readonly textToSpeech: TextToSpeech,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'turns'>,
    @Inject(RUNTIME_PATHS) private readonly paths: RuntimePaths,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.loadRecordings();
    void this.prepareInOwnVoice();
  }

  onApplicationShutdown(): void {
    this.shutdown.abort();
  }

  /** PCM s16 mono at the output rate. */
  audioFor(stage: Stage): Int16Array | undefined {
    return this.prepared.get(stage);
  }

  private async loadRecordings(): Promise<void> {
    for (const stage of STAGES) {
      const wav = parseWav(await readFile(join(this.paths.assets, `fallback-${stage}.wav`)));
      if (wav.ok) this.prepared.set(stage, resamplePcm16(wav.pcm, wav.sampleRateHz, OUTPUT_SAMPLE_RATE_HZ));
    }
  }

  /** Prepares one sentence after the other: the start does not wait for them, and they do not exhaust the provider's rate limit. */
  private async prepareInOwnVoice(): Promise<void> {
    const voice = this.textToSpeech.open({ sampleRateHz: OUTPUT_SAMPLE_RATE_HZ }, this.shutdown.signal);
    try {
      for (const stage of STAGES) {
        const pcm = await speakLine(voice, this.settings.turns.fallbackText[stage], this.shutdown.signal);
        if (pcm) this.prepared.set(stage, pcm);
      }
    } catch (error) {
      this.logger.warn({ message: 'the voice is not available, so the recorded fallback sentences are used', reason: reasonOf(error) });
    } finally {
      await voice.close();
    }
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');
