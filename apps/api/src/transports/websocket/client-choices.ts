import { Inject, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { describeError } from '@parley/engine';
import type { SetNarrationVoice, StartConversation, StartNarration } from '@parley/protocol';
import type { NarrationProvider } from '@parley/providers';
import {
  type ClientChoice,
  NARRATION_PROVIDER,
  type Settings,
  SETTINGS,
  STAGE_PROVIDERS,
  type StageProvider,
  type StageProviders,
} from '@parley/server';
import type { Refusal } from './refusals';

/** What of a start message is for the client to choose, if it is there. */
type Choices = Pick<StartConversation, 'engine' | 'language' | 'system_prompt' | 'voice_id'> & Pick<StartNarration, 'model'>;

const TIMEOUT_MS = 5_000;
/** Voices that the owner adds are known after this time. */
const ASK_AGAIN_AFTER_MS = 60_000;

/** Decides what clients may choose. A choice that is not theirs is refused with `not_allowed`, and nothing is started. */
@Injectable()
export class ClientChoices implements OnApplicationBootstrap {
  private readonly logger = new Logger(ClientChoices.name);
  private readonly allowed: ReadonlySet<ClientChoice>;
  private readonly offered = new Set<string>();
  private askAgainAtMs = 0;

  constructor(
    @Inject(SETTINGS) { access }: Pick<Settings, 'access'>,
    @Inject(STAGE_PROVIDERS) private readonly providers: Pick<StageProviders, 'tts'>,
    @Inject(NARRATION_PROVIDER) private readonly narration: StageProvider<NarrationProvider>,
  ) {
    this.allowed = access.clientMayChoose;
  }

  /** The server starts without waiting for the voices. */
  onApplicationBootstrap(): void {
    if (this.onlyOfferedVoices) void this.learnVoices();
  }

  /** Undefined if the client may choose all that the message has. `listed` is where a client finds the voices that it may choose. */
  refusalOf(message: Choices | SetNarrationVoice, listed = '/api/config'): Refusal | undefined {
    const { engine, language, model, system_prompt: prompt, voice_id: voiceId }: Choices = message;
    if (prompt !== undefined && !this.allowed.has('prompt')) return notAllowed('system_prompt');
    if (engine !== undefined && engine !== 'pipeline' && !this.allowed.has('engine')) return notAllowed('engine');
    if (language !== undefined && !this.allowed.has('language')) return notAllowed('language');
    if (model !== undefined && !this.allowed.has('model')) return notAllowed('model');
    return voiceId === undefined ? undefined : this.refusalOfVoice(voiceId, listed);
  }

  private get onlyOfferedVoices(): boolean {
    return this.allowed.has('voice') && !this.allowed.has('any_voice');
  }

  private refusalOfVoice(voiceId: string, listed: string): Refusal | undefined {
    if (this.allowed.has('any_voice')) return undefined;
    if (!this.allowed.has('voice')) return notAllowed('voice_id');
    if (this.offered.has(voiceId)) return undefined;
    // The next client with this voice may be right.
    if (performance.now() >= this.askAgainAtMs) void this.learnVoices();
    return { code: 'not_allowed', message: `voice_id must be one of the voices that GET ${listed} lists.` };
  }

  private async learnVoices(): Promise<void> {
    this.askAgainAtMs = performance.now() + ASK_AGAIN_AFTER_MS;
    const lists = [this.providers.tts.port, this.narration.port].map((port) => port.voices(AbortSignal.timeout(TIMEOUT_MS)));
    for (const result of await Promise.allSettled(lists)) {
      if (result.status === 'fulfilled') for (const { id } of result.value) this.offered.add(id);
      else this.logger.warn({ message: 'the voices that clients may choose could not be listed', error: describeError(result.reason) });
    }
  }
}

const notAllowed = (field: string): Refusal => ({ code: 'not_allowed', message: `${field} is not for clients to choose on this server.` });
