/** What goes between the server and its speech processes (Node IPC, structured clone: PCM travels as `Int16Array`). */
import type { Recognition, SynthesisedSpeech } from './ports.ts';

/** A child's first message: it can work, or never will. */
export type ChildNotice = { type: 'ready' } | { type: 'unavailable'; reason: string; remedy: string };

export interface LoadRecogniser {
  type: 'load';
  /** Directory of the acoustic model, the dictionary and the stock language model. */
  modelDirectory: string;
  /** ARPA text to mix with the stock language model; the stock one alone without. */
  domainModel?: string;
  /** Share of the domain model in the mix, 0..1. */
  domainWeight: number;
}

/** To the recogniser. One utterance at a time; messages of another utterance than the one begun last are ignored. */
export type ToRecogniser =
  | LoadRecogniser
  | { type: 'begin'; utterance: number }
  | { type: 'audio'; utterance: number; pcm: Int16Array }
  | { type: 'end'; utterance: number }
  | { type: 'cancel'; utterance: number };

export type FromRecogniser =
  { type: 'partial'; utterance: number; text: string } | { type: 'result'; utterance: number; recognition: Recognition };

/** To the synthesiser. It answers in order. */
export type ToSynthesiser = { type: 'load' } | { type: 'speak'; job: number; text: string; voice: string };

export type FromSynthesiser = { type: 'spoken'; job: number; speech: SynthesisedSpeech } | { type: 'refused'; job: number; reason: string };
