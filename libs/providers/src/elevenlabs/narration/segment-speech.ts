import type { DialogueChunk, DialogueRequest, NarrationListener, NarrationVoice, SegmentRequest } from '../../ports/narration';
import type { SpeechChunk } from '../../ports/text-to-speech';
import { modelTraits } from '../model-traits';
import { outputRate } from '../output-rate';
import { SpeechAssembler } from '../speech-assembler';
import { SpeechBounds } from '../speech-bounds';
import { AttemptAudio } from './attempt-audio';
import { DialogueLines } from './dialogue-lines';
import type { SpeechCall, VendorRequests } from './vendor-requests';
import { vendorLanguage, vendorSettings, vendorStability } from './voice-request';

/** The vendor makes use of about this much of the neighbouring text. */
export const CONTEXT_CHARACTERS = 300;
/** The dialogue endpoints take less. */
const DIALOGUE_CONTEXT_CHARACTERS = 100;
/** Longest speech for a text: the slowest voice, with a base for pauses. */
const MOST_SECONDS_PER_CHARACTER = 0.6;
const MOST_SECONDS_AT_LEAST = 5;
/** Bytes of a sample in base64, and bytes of the alignments of a character, both generously. */
const BYTES_PER_SAMPLE = 3;
const BYTES_PER_CHARACTER = 1_024;
const BYTES_AT_LEAST = 1024 * 1024;

interface StretchRequest extends NarrationVoice {
  sampleRateHz: number;
  previousText?: string | undefined;
  nextText?: string | undefined;
  dictionary?: object | undefined;
}

/** Returns the request that speaks one text with the times of its characters. */
export function segmentCall(text: string, request: StretchRequest, onAnswer: SpeechCall['onAnswer']): SpeechCall {
  const { voiceId, model, language, settings, seed, sampleRateHz, dictionary } = request;
  const { takesPreviousText } = modelTraits(model);
  const previousText = request.previousText?.slice(-CONTEXT_CHARACTERS).trim();
  const nextText = request.nextText?.slice(0, CONTEXT_CHARACTERS).trim();
  const voiceSettings = vendorSettings(model, settings);
  const languageCode = vendorLanguage(model, language);
  return {
    path: `/v1/text-to-speech/${encodeURIComponent(voiceId)}/stream/with-timestamps`,
    query: { output_format: `pcm_${outputRate(sampleRateHz)}` },
    body: {
      text,
      model_id: model,
      ...(voiceSettings && { voice_settings: voiceSettings }),
      ...(languageCode && { language_code: languageCode }),
      ...(seed !== undefined && { seed }),
      ...(takesPreviousText && previousText && { previous_text: previousText }),
      ...(takesPreviousText && nextText && { next_text: nextText }),
      ...(dictionary && { pronunciation_dictionary_locators: [dictionary] }),
    },
    mostBytes: mostBytes(text.length, sampleRateHz),
    onAnswer,
  };
}

function dialogueCall(request: DialogueRequest, onAnswer: SpeechCall['onAnswer']): SpeechCall {
  const { lines, model, language, seed, sampleRateHz } = request;
  const stability = vendorStability(model, request.stability);
  const previousText = request.previousText?.slice(-DIALOGUE_CONTEXT_CHARACTERS).trim();
  const nextText = request.nextText?.slice(0, DIALOGUE_CONTEXT_CHARACTERS).trim();
  const languageCode = vendorLanguage(model, language);
  return {
    path: '/v1/text-to-dialogue/stream/with-timestamps',
    query: { output_format: `pcm_${outputRate(sampleRateHz)}` },
    body: {
      inputs: lines.map(({ text, voiceId }) => ({ text, voice_id: voiceId })),
      model_id: model,
      ...(stability !== undefined && { settings: { stability } }),
      ...(languageCode && { language_code: languageCode }),
      ...(seed !== undefined && { seed }),
      ...(previousText && { previous_text: previousText }),
      ...(nextText && { future_text: nextText }),
    },
    mostBytes: mostBytes(charactersOf(request), sampleRateHz),
    onAnswer,
  };
}

export const charactersOf = ({ lines }: Pick<DialogueRequest, 'lines'>): number => lines.reduce((sum, { text }) => sum + text.length, 0);

/** Speaks one text in one request. */
export async function* speakSegment(
  requests: VendorRequests,
  request: SegmentRequest & { dictionary?: object | undefined },
  costFactor: number,
  signal: AbortSignal,
): AsyncGenerator<SpeechChunk, void> {
  const { text, sampleRateHz, onNotice = () => undefined } = request;
  onNotice({ type: 'sent' });
  const call = segmentCall(text, request, (headers) => billed(headers, text.length * costFactor, onNotice));
  yield* speak({ requests, call, text, sampleRateHz, onNotice }, signal);
}

/** Speaks a dialogue in one request. Chunks are cut where another line begins. */
export async function* speakDialogue(
  requests: VendorRequests,
  request: DialogueRequest,
  costFactor: number,
  signal: AbortSignal,
): AsyncGenerator<DialogueChunk, void> {
  const { lines, sampleRateHz, onNotice = () => undefined } = request;
  onNotice({ type: 'sent' });
  const call = dialogueCall(request, (headers) => billed(headers, charactersOf(request) * costFactor, onNotice));
  const spoken = new DialogueLines(lines, sampleRateHz);
  const speech = { requests, call, text: lines.map(({ text }) => text).join(''), sampleRateHz, onNotice, spoken };
  for await (const chunk of speak(speech, signal)) yield* spoken.divide(chunk);
}

interface Speech {
  requests: VendorRequests;
  call: SpeechCall;
  text: string;
  sampleRateHz: number;
  onNotice: NarrationListener;
  spoken?: DialogueLines;
}

async function* speak({ requests, call, text, sampleRateHz, onNotice, spoken }: Speech, signal: AbortSignal) {
  const audio = new AttemptAudio({
    text: () => text,
    from: { position: 0, skipMs: 0 },
    startMs: 0,
    sampleRateHz,
    assembler: new SpeechAssembler(outputRate(sampleRateHz), sampleRateHz),
    handsOut: 'all',
  });
  audio.sent(0, text.length);
  const bounds = new SpeechBounds();
  bounds.sent(text);
  for await (const { bytes, alignment, segments } of requests.speech(call, signal)) {
    if (signal.aborted) return;
    onNotice({ type: 'received' });
    spoken?.begin(segments);
    const chunk = audio.push(bytes, alignment);
    bounds.received(audio.receivedMs);
    if (chunk) yield chunk;
    if (signal.aborted) return;
  }
  const rest = audio.finish(text.length, { isLast: true });
  if (rest && !signal.aborted) yield rest;
}

/** Reports what the vendor bills according to its answer, or else an estimate. */
export function billed(headers: Headers, estimate: number, notify: NarrationListener): void {
  const given = Number.parseFloat(headers.get('character-cost') ?? headers.get('x-character-count') ?? '');
  notify({ type: 'billed', characters: given >= 0 ? given : Math.ceil(estimate) });
}

function mostBytes(characters: number, sampleRateHz: number): number {
  const seconds = MOST_SECONDS_AT_LEAST + MOST_SECONDS_PER_CHARACTER * characters;
  return BYTES_AT_LEAST + Math.ceil(seconds * outputRate(sampleRateHz) * BYTES_PER_SAMPLE + characters * BYTES_PER_CHARACTER);
}
