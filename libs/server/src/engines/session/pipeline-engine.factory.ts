import { Inject, Injectable } from '@nestjs/common';
import type { Connection, Conversation, EngineDescription, EngineFactory } from '@parley/engine';
import { SETTINGS, type Settings } from '../../config/settings';
import { STAGE_PROVIDERS, type StageProviders } from '../../providers/stage-providers';
import { SessionFactory } from './session.factory';

/** Creates conversations with our own turn-taking on top of three providers: each one is a `PipelineConversation`. */
@Injectable()
export class PipelineEngineFactory implements EngineFactory {
  constructor(
    @Inject(SessionFactory) private readonly sessions: SessionFactory,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'turns'>,
    @Inject(STAGE_PROVIDERS) private readonly providers: StageProviders,
  ) {}

  describe(): EngineDescription {
    const { stt, llm, tts } = this.providers;
    const { endOfTurnSilenceMs, inactivityTimeoutMs } = this.settings.turns;
    return { providers: { stt: stt.port.info, llm: llm.port.info, tts: tts.port.info }, endOfTurnSilenceMs, inactivityTimeoutMs };
  }

  open(connection: Connection): Promise<Conversation> {
    return this.sessions.open(connection);
  }
}
