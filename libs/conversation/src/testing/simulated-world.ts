import type { TurnEffect } from '../turns/turn-effect';
import type { FailureReason, SpeechAudio, UntimedTurnEvent } from '../turns/turn-event';
import type { Agenda } from './agenda';

import { SimulatedPlayer } from './simulated-player';

/** The result of a stage for a request: a text, a failure, or no result at all. */
export type Outcome = { text: string } | { fails: FailureReason } | 'hangs';

/** The results of the stages, request by request. The last outcome is repeated. A working voice reads what it is given. */
export interface WorldScript {
  transcripts: readonly Outcome[];
  answers: readonly Outcome[];
  voices: readonly Outcome[];
  fallbackVoices: readonly Outcome[];
  /** The partial transcripts: none, one more word from time to time, or the same with the last word misheard or with two words missing. */
  partials: 'none' | 'growing' | 'misheard' | 'lagging';
  reportsPlayback: boolean;
  /** Whether the voice reports when its characters are spoken. */
  aligned: boolean;
}

export const WORD_EVERY_MS = 100;
export const STT_FINAL_MS = 150;
export const FIRST_TOKEN_MS = 300;
export const FIRST_AUDIO_MS = 120;
export const MS_PER_CHARACTER = 50;
const TOKEN_EVERY_MS = 20;

const works: Outcome = { text: '' };
const WORKING: WorldScript = {
  transcripts: [{ text: 'what time is it' }],
  answers: [{ text: 'It is noon. Have a good lunch.' }],
  voices: [works],
  fallbackVoices: [works],
  partials: 'none',
  reportsPlayback: true,
  aligned: true,
};

/**
 * The simulated stages of one conversation. Results under way are never taken back: what a real stage stops on a cancel still arrives
 * here, so that every script also tests that late results are dropped.
 */
export class SimulatedWorld {
  private readonly script: WorldScript;
  private readonly player: SimulatedPlayer;
  private readonly voices = new Map<number, { outcome: Outcome; readyAtMs: number; spokenMs: number }>();
  private readonly asked = { transcripts: 0, answers: 0, voices: 0, fallbackVoices: 0 };

  constructor(changes: Partial<WorldScript> = {}) {
    this.script = { ...WORKING, ...changes };
    this.player = new SimulatedPlayer(this.script.reportsPlayback);
  }

  perform(effect: TurnEffect, nowMs: number, agenda: Agenda): void {
    switch (effect.type) {
      case 'open_utterance':
        return this.hearWords(effect.utterance, nowMs, agenda);
      case 'finish_utterance':
        return this.transcribe(effect.utterance, nowMs + STT_FINAL_MS, agenda);
      case 'start_reply':
        return this.answer(effect.reply, nowMs + FIRST_TOKEN_MS, agenda);
      case 'speak':
        return this.speak(effect.reply, effect.text, nowMs + FIRST_AUDIO_MS, agenda);
      case 'speak_fallback':
        this.voices.set(effect.reply, { outcome: this.next('fallbackVoices'), readyAtMs: 0, spokenMs: 0 });
        this.speak(effect.reply, effect.text, nowMs + FIRST_AUDIO_MS, agenda);
        return this.finishSpeech(effect.reply, agenda);
      case 'finish_speech':
        return this.finishSpeech(effect.reply, agenda);
      case 'send_audio':
        return this.player.send(effect, nowMs, agenda);
      case 'hold_audio':
        return this.player.hold(effect.active, nowMs, agenda);
      case 'finish_audio':
        return this.player.finish(effect.reply, effect.turn, nowMs, agenda);
      default:
        return undefined;
    }
  }

  private hearWords(utterance: number, nowMs: number, agenda: Agenda): void {
    const outcome = this.upcoming('transcripts');
    if (this.script.partials === 'none' || outcome === 'hangs' || !('text' in outcome)) return;
    const words = outcome.text.split(' ').filter((word) => word !== '');
    if (this.script.partials === 'misheard') words.splice(-1, 1, 'something');
    if (this.script.partials === 'lagging') words.splice(-2);
    words.forEach((_, index) => {
      const text = words.slice(0, index + 1).join(' ');
      agenda.add(nowMs + (index + 1) * WORD_EVERY_MS, { type: 'transcript_changed', utterance, text });
    });
  }

  private transcribe(utterance: number, atMs: number, agenda: Agenda): void {
    const happening = resultOf(
      this.next('transcripts'),
      (text) => ({ type: 'transcript_finished', utterance, text }),
      (reason) => ({ type: 'transcription_failed', utterance, reason }),
    );
    if (happening) agenda.add(atMs, happening);
  }

  private answer(reply: number, firstAtMs: number, agenda: Agenda): void {
    this.voices.set(reply, { outcome: this.next('voices'), readyAtMs: 0, spokenMs: 0 });
    const outcome = this.next('answers');
    const tokens = outcome !== 'hangs' && 'text' in outcome ? (outcome.text.match(/\s*\S+/gu) ?? []) : [];
    tokens.forEach((text, index) => agenda.add(firstAtMs + index * TOKEN_EVERY_MS, { type: 'reply_text_produced', reply, text }));
    const end = resultOf(
      outcome,
      () => ({ type: 'reply_text_ended', reply }),
      (reason) => ({ type: 'reply_failed', reply, stage: 'llm', reason }),
    );
    if (end) agenda.add(firstAtMs + tokens.length * TOKEN_EVERY_MS, end);
  }

  private speak(reply: number, text: string, firstAtMs: number, agenda: Agenda): void {
    const voice = this.voices.get(reply);
    if (voice === undefined) return;
    voice.readyAtMs = Math.max(voice.readyAtMs, firstAtMs);
    const happening = resultOf(
      voice.outcome,
      () => ({ type: 'reply_audio_produced', reply, ...speechOf(text, this.script.aligned ? voice.spokenMs : undefined) }),
      (reason) => ({ type: 'reply_failed', reply, stage: 'tts', reason }),
    );
    voice.spokenMs += text.length * MS_PER_CHARACTER;
    if (happening) agenda.add(voice.readyAtMs, happening);
  }

  private finishSpeech(reply: number, agenda: Agenda): void {
    const voice = this.voices.get(reply);
    if (voice && voice.outcome !== 'hangs') agenda.add(voice.readyAtMs, { type: 'reply_audio_ended', reply });
  }

  private next(stage: keyof typeof this.asked): Outcome {
    const outcome = this.upcoming(stage);
    this.asked[stage]++;
    return outcome;
  }

  private upcoming(stage: keyof typeof this.asked): Outcome {
    const outcomes = this.script[stage];
    return outcomes[Math.min(this.asked[stage], outcomes.length - 1)] ?? 'hangs';
  }
}

/** Spoken evenly. The alignment is included when it is known where the audio begins. */
function speechOf(text: string, fromMs: number | undefined): SpeechAudio {
  const speech = { audio: new Int16Array(1), durationMs: text.length * MS_PER_CHARACTER };
  if (fromMs === undefined) return speech;
  const chars = [...text, ' '];
  const startMs = chars.map((_, index) => fromMs + index * MS_PER_CHARACTER);
  return { ...speech, alignment: { chars, startMs, durationMs: chars.map(() => MS_PER_CHARACTER) } };
}

function resultOf(
  outcome: Outcome,
  works: (text: string) => UntimedTurnEvent,
  fails: (reason: FailureReason) => UntimedTurnEvent,
): UntimedTurnEvent | undefined {
  if (outcome === 'hangs') return undefined;
  return 'text' in outcome ? works(outcome.text) : fails(outcome.fails);
}
