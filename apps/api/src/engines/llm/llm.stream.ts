import { Inject } from '@nestjs/common';
import type { ChatMessage, LanguageModel, LlmEvent } from '@parley/providers';
import { SETTINGS, type Settings } from '../../config/settings';
import { ConnectionScoped } from '../connection/connection-scoped';
import { LANGUAGE_MODEL } from './language-model.token';

/** The language model of one connection. */
@ConnectionScoped()
export class LlmStream {
  private signal: AbortSignal | undefined;

  constructor(
    @Inject(LANGUAGE_MODEL) private readonly languageModel: LanguageModel,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Opens the vendor's connection ahead of the first request. */
  open(signal: AbortSignal): void {
    this.signal = signal;
    void this.languageModel.warm(signal);
  }

  /** The user is speaking, so a request will follow: an idle connection has been let go of by then. Cheap to call again and again. */
  stayWarm(): void {
    if (this.signal?.aborted === false) void this.languageModel.warm(this.signal);
  }

  /** One reply. */
  generate(messages: readonly ChatMessage[], signal: AbortSignal): AsyncIterable<LlmEvent> {
    return this.languageModel.generate({ messages, maxTokens: this.settings.openai.maxTokens }, signal);
  }
}
