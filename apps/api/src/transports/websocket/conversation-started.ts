import { Inject, Injectable } from '@nestjs/common';
import { type ConversationStarted, FRAME_MS, INPUT_SAMPLE_RATE_HZ, OUTPUT_SAMPLE_RATE_HZ } from '@parley/protocol';
import { SETTINGS, type Settings } from '../../config/settings';
import { VENDORS, type Vendors } from '../../providers/vendors';
import type { Connection } from '../../engines/connection/connection-scoped';

/** The first message of a conversation: formats, who answers, and the timing in force. */
@Injectable()
export class ConversationStartedMessage {
  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    @Inject(VENDORS) private readonly vendors: Vendors,
  ) {}

  for(connection: Connection): ConversationStarted {
    const { stt, llm, tts } = this.vendors;
    const { endOfTurnSilenceMs, inactivityTimeoutMs } = this.settings.turns;
    return {
      type: 'conversation_started',
      conversation_id: connection.id,
      engine: 'pipeline',
      input_audio: { encoding: 'pcm_s16le', sample_rate: INPUT_SAMPLE_RATE_HZ, frame_ms: FRAME_MS },
      output_audio: { encoding: 'pcm_s16le', sample_rate: OUTPUT_SAMPLE_RATE_HZ },
      providers: { stt: { ...stt.port.info }, llm: { ...llm.port.info }, tts: { ...tts.port.info } },
      timing: { end_of_turn_silence_ms: endOfTurnSilenceMs, inactivity_timeout_ms: inactivityTimeoutMs },
    };
  }
}
