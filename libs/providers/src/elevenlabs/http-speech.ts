import type { ElevenLabsClient } from '@elevenlabs/elevenlabs-js';
import { asString } from '../shared/json';
import { ProviderError } from '../ports/provider-error';
import type { SpeechChunk, Voice } from '../ports/text-to-speech';
import { httpOrigin } from '../socket/socket-url';
import { Watchdog } from '../shared/watchdog';
import type { SpeechTiming, VoiceSettings } from './context-speech';
import { afterAudio, ELEVEN_LABS, elevenLabsHttpError } from './eleven-labs-errors';
import type { ModelTraits } from './model-traits';
import type { OutputRateHz } from './output-rate';
import { settlingFetch } from './settling-fetch';
import { SpeechAssembler } from './speech-assembler';
import { gathered } from './gathered-bytes';
import { SpeechBounds } from './speech-bounds';

export interface HttpSpeechOptions {
  apiKey: string;
  baseUrl: string;
}

export interface HttpVoiceOptions {
  voiceId: string;
  modelId: string;
  traits: ModelTraits;
  languageCode: string | undefined;
  vendorRateHz: OutputRateHz;
  wantedRateHz: number;
  voiceSettings: VoiceSettings;
  timing: SpeechTiming;
}

/** How much of what was just said is given along, so that the next sentence continues its melody. */
const PREVIOUS_TEXT_CHARACTERS = 200;
const REQUEST_TIMEOUT_SECONDS = 10;
const VOICES_PER_PAGE = 100;
const MOST_VOICE_PAGES = 5;
const MOST_VOICES = VOICES_PER_PAGE * MOST_VOICE_PAGES;
const MOST_NAME_CHARACTERS = 200;

/** Speech over HTTP, one request per sentence, through the vendor's SDK. Slower than the socket and sturdier; holds nothing open between calls. */
export class HttpSpeech {
  #client: Promise<ElevenLabsClient> | undefined;

  constructor(private readonly options: HttpSpeechOptions) {}

  /** Loads the SDK, which takes seconds of the process's one thread: better before it has anything else to do. */
  async prepare(): Promise<void> {
    await this.#load();
  }

  /** Speaks the sentences one after the other. An abort ends it at once, without an error; throws `ProviderError`, or what `text` throws. */
  async *speak(text: AsyncIterable<string>, voice: HttpVoiceOptions, signal: AbortSignal): AsyncGenerator<SpeechChunk, void> {
    let previousText = '';
    let hasAudio = false;
    for await (const sentence of text) {
      if (signal.aborted) return;
      const assembler = new SpeechAssembler(voice.vendorRateHz, voice.wantedRateHz);
      const bounds = new SpeechBounds();
      bounds.sent(sentence);
      try {
        for await (const bytes of gathered(this.#sentence(sentence, previousText, voice, signal), voice.vendorRateHz)) {
          const chunk = assembler.push(bytes);
          bounds.received(assembler.receivedMs);
          if (!chunk) continue;
          hasAudio = true;
          yield chunk;
          if (signal.aborted) return;
        }
      } catch (error) {
        if (signal.aborted) return;
        const failure = elevenLabsHttpError(error);
        throw hasAudio ? afterAudio(failure) : failure;
      }
      if (signal.aborted) return;
      const rest = assembler.flush();
      if (rest) yield rest;
      previousText = `${previousText} ${sentence}`.trim().slice(-PREVIOUS_TEXT_CHARACTERS);
    }
  }

  /** Every voice of the account. Throws `ProviderError`, also when aborted. */
  async voices(signal: AbortSignal): Promise<Voice[]> {
    const voices: Voice[] = [];
    try {
      const client = await this.#load();
      let nextPageToken: string | undefined;
      for (let page = 0; page < MOST_VOICE_PAGES; page += 1) {
        const request = nextPageToken === undefined ? { pageSize: VOICES_PER_PAGE } : { pageSize: VOICES_PER_PAGE, nextPageToken };
        const found = await client.voices.search(request, { ...requestOptions(), abortSignal: signal });
        voices.push(...found.voices.flatMap(listedVoice).slice(0, MOST_VOICES - voices.length));
        nextPageToken = found.hasMore ? found.nextPageToken : undefined;
        if (nextPageToken === undefined) break;
      }
    } catch (error) {
      throw elevenLabsHttpError(error);
    }
    return voices;
  }

  /** The bytes of one sentence. Whatever ends it, the request ends with it. */
  async *#sentence(text: string, previousText: string, voice: HttpVoiceOptions, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const call = new AbortController();
    const cancel = () => call.abort();
    let hasAudio = false;
    let stalled: ProviderError | undefined;
    const silence = new Watchdog(() => {
      stalled = new ProviderError(ELEVEN_LABS, 'timeout', `elevenlabs sent no ${hasAudio ? 'further ' : ''}audio in time`);
      call.abort();
    });
    const client = await this.#load();
    if (signal.aborted) return;
    signal.addEventListener('abort', cancel, { once: true });
    silence.arm(voice.timing.firstAudioTimeoutMs);
    try {
      const body = await client.textToSpeech.stream(
        voice.voiceId,
        {
          text,
          modelId: voice.modelId,
          outputFormat: `pcm_${voice.vendorRateHz}`,
          voiceSettings: voiceSettings(voice.voiceSettings),
          ...(voice.languageCode === undefined ? {} : { languageCode: voice.languageCode }),
          ...(voice.traits.takesPreviousText && previousText !== '' ? { previousText } : {}),
        },
        { ...requestOptions(), abortSignal: call.signal },
      );
      for await (const bytes of body) {
        hasAudio = true;
        // A consumer that takes its time is no stall of the vendor's.
        silence.disarm();
        yield bytes;
        silence.arm(voice.timing.gapTimeoutMs);
      }
      if (!hasAudio) throw new ProviderError(ELEVEN_LABS, 'bad_response', 'elevenlabs answered without audio');
    } catch (error) {
      throw stalled ?? error;
    } finally {
      silence.disarm();
      signal.removeEventListener('abort', cancel);
      call.abort();
    }
  }

  /** The SDK takes seconds and a hundred megabytes to load, and few processes ever need it. */
  #load(): Promise<ElevenLabsClient> {
    const { apiKey, baseUrl } = this.options;
    this.#client ??= import('@elevenlabs/elevenlabs-js').then(
      (sdk) => new sdk.ElevenLabsClient({ apiKey, baseUrl: httpOrigin(baseUrl), fetch: settlingFetch }),
    );
    return this.#client;
  }
}

function requestOptions() {
  return { timeoutInSeconds: REQUEST_TIMEOUT_SECONDS, maxRetries: 0 };
}

/** The wire's names in the SDK's spelling. */
function voiceSettings(settings: VoiceSettings) {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase()), value]),
  );
}

/** The voice, unless its id can be none: the list is shown to every client. */
function listedVoice({ voiceId, name }: { voiceId: unknown; name?: unknown }): Voice[] {
  const id = asString(voiceId);
  if (id === undefined || id === '' || id.length > MOST_NAME_CHARACTERS) return [];
  return [{ id, name: (asString(name) ?? id).slice(0, MOST_NAME_CHARACTERS) }];
}
