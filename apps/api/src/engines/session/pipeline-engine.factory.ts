import { Inject, Injectable } from '@nestjs/common';
import type { Connection, Conversation, EngineDescription, EngineFactory } from '@parley/engine';
import { SETTINGS, type Settings } from '../../config/settings';
import { VENDORS, type Vendors } from '../../providers/vendors';
import { SessionFactory } from './session.factory';

/** Creates conversations with our own turn-taking on top of three vendors: each one is a `PipelineConversation`. */
@Injectable()
export class PipelineEngineFactory implements EngineFactory {
  constructor(
    @Inject(SessionFactory) private readonly sessions: SessionFactory,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'turns'>,
    @Inject(VENDORS) private readonly vendors: Vendors,
  ) {}

  describe(): EngineDescription {
    const { stt, llm, tts } = this.vendors;
    const { endOfTurnSilenceMs, inactivityTimeoutMs } = this.settings.turns;
    return { providers: { stt: stt.port.info, llm: llm.port.info, tts: tts.port.info }, endOfTurnSilenceMs, inactivityTimeoutMs };
  }

  open(connection: Connection): Promise<Conversation> {
    return this.sessions.open(connection);
  }
}
