import { Controller, Get, Inject, Logger } from '@nestjs/common';
import {
  FRAME_MS,
  INPUT_SAMPLE_RATE_HZ,
  OUTPUT_SAMPLE_RATE_HZ,
  PROTOCOL_VERSION,
  type PublicConfig,
  type StageDescription,
  type VoiceDescription,
} from '@parley/protocol';
import type { ProviderInfo, VoiceAgent } from '@parley/providers';
import { VOICE_AGENT } from '../providers/voice-agent.token';
import { SETTINGS, type Settings } from '../config/settings';
import { ENGINES, engineNames, type Engines } from '../engines/engines';
import { type StageVendor, VENDORS, type Vendors } from '../providers/vendors';
import { LANGUAGES } from './languages';
import { VERSION } from './version';

const VOICES_TIMEOUT_MS = 5_000;
/** A vendor that did not answer is asked again after this long. */
const RETRY_VOICES_AFTER_MS = 60_000;

/** What the page needs to know before a conversation. */
@Controller('api')
export class ConfigController {
  private readonly logger = new Logger(ConfigController.name);
  private voices: { list: VoiceDescription[]; staleAtMs: number } | undefined;

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'turns'>,
    @Inject(VENDORS) private readonly vendors: Vendors,
    @Inject(ENGINES) private readonly engines: Engines,
    @Inject(VOICE_AGENT) private readonly agent: StageVendor<VoiceAgent>,
  ) {}

  @Get('config')
  async config(): Promise<PublicConfig> {
    const { endOfTurnSilenceMs, interruptConfirmMs, inactivityTimeoutMs } = this.settings.turns;
    const { stt, llm, tts } = this.vendors;
    return {
      product: 'Parley',
      version: VERSION,
      protocol: PROTOCOL_VERSION,
      engines: engineNames(this.engines),
      stages: { stt: describeStage(stt), llm: describeStage(llm), tts: describeStage(tts) },
      ...(this.engines.agent && { agent: describeStage(this.agent) }),
      voices: await this.listVoices(),
      languages: [...LANGUAGES],
      timing: {
        end_of_turn_silence_ms: endOfTurnSilenceMs,
        interrupt_confirm_ms: interruptConfirmMs,
        inactivity_timeout_ms: inactivityTimeoutMs,
      },
      audio: { input_sample_rate: INPUT_SAMPLE_RATE_HZ, output_sample_rate: OUTPUT_SAMPLE_RATE_HZ, frame_ms: FRAME_MS },
    };
  }

  /** Asked for once; the page works without. */
  private async listVoices(): Promise<VoiceDescription[]> {
    if (this.voices && performance.now() < this.voices.staleAtMs) return this.voices.list;
    try {
      const voices = await this.vendors.tts.port.voices(AbortSignal.timeout(VOICES_TIMEOUT_MS));
      this.voices = { list: voices.map(({ id, name }) => ({ id, name })), staleAtMs: Infinity };
    } catch (error) {
      this.logger.warn({ message: 'the voices could not be listed', reason: error instanceof Error ? error.message : 'unknown' });
      this.voices = { list: [], staleAtMs: performance.now() + RETRY_VOICES_AFTER_MS };
    }
    return this.voices.list;
  }
}

const describeStage = ({ port, available, detail, fallbacks }: StageVendor<{ info: ProviderInfo }>): StageDescription => ({
  ...port.info,
  available,
  ...(detail !== undefined && { detail }),
  ...(fallbacks !== undefined && fallbacks.length > 0 && { fallbacks: fallbacks.map(({ name, simulated }) => ({ name, simulated })) }),
});
