import type { ElevenLabsClient } from '@elevenlabs/elevenlabs-js';
import { asString } from '../shared/json';
import { ProviderError } from '../ports/provider-error';
import type { SpeechChunk, Voice } from '../ports/text-to-speech';
import { httpOrigin } from '../socket/socket-url';
import { PatientWatchdog } from '../shared/patient-watchdog';
import { PATIENCE_PER_AUDIO, type SpeechTiming, type VoiceSettings } from './context-speech';
import { afterAudio, ELEVEN_LABS, elevenLabsHttpError } from './eleven-labs-errors';
import type { ModelTraits } from './model-traits';
import type { OutputRateHz } from './output-rate';
import { settlingFetch } from './settling-fetch';
import { SpeechAssembler } from './speech-assembler';
import { joinedPieces } from './joined-pieces';
import { SpeechBounds } from './speech-bounds';

export interface HttpSpeechOptions {
  apiKey: string;
  baseUrl: string;
  /** Limit of listing all voices in milliseconds, default 15 000. */
  listTimeoutMs?: number;
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

/** The number of characters of the previous text that are sent along, so that the intonation of the next sentence continues it. */
const PREVIOUS_TEXT_CHARACTERS = 200;
const REQUEST_TIMEOUT_SECONDS = 10;
const LIST_TIMEOUT_MS = 15_000;
const BYTES_PER_SAMPLE = 2;
const VOICES_PER_PAGE = 100;
const MOST_VOICE_PAGES = 5;
const MOST_VOICES = VOICES_PER_PAGE * MOST_VOICE_PAGES;
const MOST_NAME_CHARACTERS = 200;

/**
 * Speech over HTTP through the vendor's SDK, with one request for each sentence. It is slower than the socket but more robust, and keeps
 * nothing open between calls.
 */
export class HttpSpeech {
  #client: Promise<ElevenLabsClient> | undefined;

  constructor(private readonly options: HttpSpeechOptions) {}

  /** Loads the SDK. Loading blocks the event loop for seconds, so it should happen before the process serves requests. */
  async prepare(): Promise<void> {
    await this.#load();
  }

  /**
   * Speaks the sentences one after the other. Ends at once and without an error when aborted. Throws `ProviderError`, or the error of
   * `text`.
   */
  async *speak(text: AsyncIterable<string>, voice: HttpVoiceOptions, signal: AbortSignal): AsyncGenerator<SpeechChunk, void> {
    let previousText = '';
    let hasAudio = false;
    for await (const sentence of text) {
      if (signal.aborted) return;
      const assembler = new SpeechAssembler(voice.vendorRateHz, voice.wantedRateHz);
      const bounds = new SpeechBounds();
      bounds.sent(sentence);
      try {
        for await (const bytes of joinedPieces(this.#sentence(sentence, previousText, voice, signal), voice.vendorRateHz)) {
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

  /** Returns the voices of the account. Throws `ProviderError`, also when aborted. */
  async voices(signal: AbortSignal): Promise<Voice[]> {
    const voices: Voice[] = [];
    // The SDK limits only the time until the headers.
    const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(this.options.listTimeoutMs ?? LIST_TIMEOUT_MS)]);
    try {
      const client = await this.#load();
      let nextPageToken: string | undefined;
      for (let page = 0; page < MOST_VOICE_PAGES; page += 1) {
        const request = nextPageToken === undefined ? { pageSize: VOICES_PER_PAGE } : { pageSize: VOICES_PER_PAGE, nextPageToken };
        const found = await client.voices.search(request, { ...requestOptions(), abortSignal });
        voices.push(...found.voices.flatMap(listedVoice).slice(0, MOST_VOICES - voices.length));
        nextPageToken = found.hasMore ? found.nextPageToken : undefined;
        if (nextPageToken === undefined) break;
      }
    } catch (error) {
      throw elevenLabsHttpError(error);
    }
    return voices;
  }

  /** Yields the bytes of one sentence. The request is cancelled whenever the generator ends early. */
  async *#sentence(text: string, previousText: string, voice: HttpVoiceOptions, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    const call = new AbortController();
    const cancel = () => call.abort();
    let hasAudio = false;
    let stalled: ProviderError | undefined;
    const silence = new PatientWatchdog(() => {
      stalled = new ProviderError(ELEVEN_LABS, 'timeout', `elevenlabs sent no ${hasAudio ? 'further ' : ''}audio in time`);
      call.abort();
    }, voice.timing.patienceMs);
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
        // The time that a slow consumer takes does not count as silence of the vendor.
        silence.disarm();
        silence.grant((bytes.length / BYTES_PER_SAMPLE / voice.vendorRateHz) * 1_000 * PATIENCE_PER_AUDIO);
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

  /** Loads the SDK on first use, because loading takes seconds and a hundred megabytes, and few processes need it. */
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

/** Converts the names of the protocol to those of the SDK. */
function voiceSettings(settings: VoiceSettings) {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name.replace(/_(\w)/g, (_match, letter: string) => letter.toUpperCase()), value]),
  );
}

/** Returns the voice in a list, or an empty list if its id cannot be valid. The list is shown to every client. */
function listedVoice({ voiceId, name }: { voiceId: unknown; name?: unknown }): Voice[] {
  const id = asString(voiceId);
  if (id === undefined || id === '' || id.length > MOST_NAME_CHARACTERS) return [];
  return [{ id, name: (asString(name) ?? id).slice(0, MOST_NAME_CHARACTERS) }];
}
