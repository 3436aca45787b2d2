import { Controller, Get, Inject } from '@nestjs/common';
import {
  FRAME_MS,
  INPUT_SAMPLE_RATE_HZ,
  OUTPUT_SAMPLE_RATE_HZ,
  PROTOCOL_VERSION,
  type PublicConfig,
  type StageDescription,
} from '@parley/protocol';
import type { ProviderInfo, VoiceAgent } from '@parley/providers';
import {
  engineNames,
  type Engines,
  ENGINES,
  type Settings,
  SETTINGS,
  STAGE_PROVIDERS,
  type StageProvider,
  type StageProviders,
  VOICE_AGENT,
} from '@parley/server';
import { Rooms } from '../rooms/rooms';
import { LANGUAGES } from './languages';
import { VERSION } from './version';
import { VoiceList } from './voice-list';

/** Serves the information that the page needs before a conversation. */
@Controller('api')
export class ConfigController {
  private readonly voices: VoiceList;

  constructor(
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'access' | 'turns'>,
    @Inject(STAGE_PROVIDERS) private readonly providers: StageProviders,
    @Inject(ENGINES) private readonly engines: Engines,
    @Inject(VOICE_AGENT) private readonly agent: StageProvider<VoiceAgent>,
    @Inject(Rooms) private readonly rooms: Pick<Rooms, 'describe'>,
  ) {
    this.voices = new VoiceList(providers.tts.port);
  }

  @Get('config')
  async config(): Promise<PublicConfig> {
    const { endOfTurnSilenceMs, interruptConfirmMs, inactivityTimeoutMs } = this.settings.turns;
    const { stt, llm, tts } = this.providers;
    return {
      product: 'Parley',
      version: VERSION,
      protocol: PROTOCOL_VERSION,
      engines: engineNames(this.engines),
      stages: { stt: describeStage(stt), llm: describeStage(llm), tts: describeStage(tts) },
      ...(this.engines.agent && { agent: describeStage(this.agent) }),
      voices: [...(await this.voices.list())],
      languages: LANGUAGES.filter(({ code }) => tts.port.speaks?.(code) ?? true),
      timing: {
        end_of_turn_silence_ms: endOfTurnSilenceMs,
        interrupt_confirm_ms: interruptConfirmMs,
        inactivity_timeout_ms: inactivityTimeoutMs,
      },
      audio: { input_sample_rate: INPUT_SAMPLE_RATE_HZ, output_sample_rate: OUTPUT_SAMPLE_RATE_HZ, frame_ms: FRAME_MS },
      rooms: await this.rooms.describe(),
      session_token: this.settings.access.sessionTokens.secret !== undefined,
    };
  }
}

const describeStage = ({ port, available, detail, fallbacks }: StageProvider<{ info: ProviderInfo }>): StageDescription => ({
  ...port.info,
  available,
  ...(detail !== undefined && { detail }),
  ...(fallbacks !== undefined && fallbacks.length > 0 && { fallbacks: fallbacks.map(({ name, simulated }) => ({ name, simulated })) }),
});
