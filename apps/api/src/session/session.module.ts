import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { parseSileroWeights } from '@parley/audio';
import { RUNTIME_PATHS, type RuntimePaths } from '../config/runtime-paths';
import { LlmModule } from '../llm/llm.module';
import { SttModule } from '../stt/stt.module';
import { TtsModule } from '../tts/tts.module';
import { VendorsModule } from '../vendors/vendors.module';
import { ConnectionContextModule } from './connection-context.module';
import { ConversationStartedMessage } from './conversation-started';
import { Session } from './session';
import { SessionFactory } from './session.factory';
import { VOICE_ACTIVITY_WEIGHTS } from './voice-activity-weights';

/** Conversations: what is made for each connection, and the factory that makes it. */
@Module({
  imports: [ConnectionContextModule, SttModule, LlmModule, TtsModule, VendorsModule],
  providers: [
    {
      provide: VOICE_ACTIVITY_WEIGHTS,
      inject: [RUNTIME_PATHS],
      useFactory: async ({ assets }: RuntimePaths) => parseSileroWeights(await readFile(join(assets, 'silero-vad-v6-16k.bin'))),
    },
    Session,
    SessionFactory,
    ConversationStartedMessage,
  ],
  exports: [SessionFactory, ConversationStartedMessage],
})
export class SessionModule {}
