import { type SileroWeights, VOICE_WINDOW_MS, VoiceActivityDetector } from '@parley/audio';
import {
  DEFAULT_TURN_POLICY,
  idle,
  reduce,
  type TurnEffect,
  type TurnPolicy,
  type TurnState,
  type UntimedTurnEvent,
  type VoiceWindow,
} from '@parley/conversation';
import { type SceneRecogniser, writesForVoices } from './scene-recogniser';

/** How a recording was taken. Times in ms on the audio clock. */
export interface Heard {
  /** The beginnings of the turns that were answered. */
  readonly answeredFromMs: readonly number[];
  /** The moments at which each of them was taken to be over. */
  readonly endedAtMs: readonly number[];
  /** The moments at which the assistant was interrupted. */
  readonly interruptedAtMs: readonly number[];
}

const SAMPLES_PER_MS = 16;
const FRAME_SAMPLES = 320;
const FRAME_MS = 20;
const FINAL_MS = 150;
const FIRST_WORDS_MS = 60;
/** Longer than what is heard. */
const LONG_SPEECH_MS = 60_000;

/**
 * Processes a recording as the pipeline does: the voice activity detector, the turn engine and a recogniser on virtual time. The assistant
 * answers with a short text, or speaks until the recording ends.
 */
export function hearConversation(
  pcm: Int16Array,
  weights: SileroWeights,
  assistant: 'writes a word' | 'speaks on',
  recognise: SceneRecogniser = writesForVoices,
): Heard {
  const policy = { draftAfterSilenceMs: 200, maxEarlyDrafts: 3, speech: assistant === 'speaks on' };
  const conversation = new HeardConversation(pcm, weights, policy, recognise);
  for (let at = 0; at + FRAME_SAMPLES <= pcm.length; at += FRAME_SAMPLES) conversation.hear(pcm.subarray(at, at + FRAME_SAMPLES));
  return conversation;
}

const isTurnEnd = (effect: TurnEffect): boolean =>
  effect.type === 'notify' && effect.notification.type === 'state_changed' && effect.notification.phase === 'AI_PROCESSING';

class HeardConversation implements Heard {
  readonly answeredFromMs: number[] = [];
  readonly endedAtMs: number[] = [];
  readonly interruptedAtMs: number[] = [];
  private readonly detector: VoiceActivityDetector;
  /** Where the audio of each utterance begins. */
  private readonly beginsMs = new Map<number, number>();
  private readonly expected: { atMs: number; event: UntimedTurnEvent }[] = [];
  private state: TurnState;
  private audioMs = 0;

  constructor(
    private readonly pcm: Int16Array,
    weights: SileroWeights,
    policy: Partial<TurnPolicy>,
    private readonly recognise: SceneRecogniser,
  ) {
    this.detector = new VoiceActivityDetector({ weights });
    this.state = idle({ ...DEFAULT_TURN_POLICY, ...policy });
    this.happens({ type: 'conversation_started' });
  }

  hear(frame: Int16Array): void {
    this.audioMs += FRAME_MS;
    for (let next = this.due(); next; next = this.due()) this.happens(next);
    let window: VoiceWindow | undefined;
    this.detector.push(frame, ({ endMs, activity, isSure, voicedEndMs }) => {
      window = { endMs, activity, isSure, voicedEndMs, durationMs: VOICE_WINDOW_MS };
    });
    this.happens({ type: 'audio_heard', audioMs: this.audioMs, ...(window && { window }) });
  }

  private due(): UntimedTurnEvent | undefined {
    const at = this.expected.findIndex(({ atMs }) => atMs <= this.audioMs);
    return at < 0 ? undefined : this.expected.splice(at, 1)[0].event;
  }

  private happens(event: UntimedTurnEvent): void {
    const before = this.state;
    const { state, effects } = reduce(before, { ...event, atMs: this.audioMs });
    this.state = state;
    // A draft that is ready is sent at once, so the end of the turn may not be visible in the state.
    const ended = before.phase === 'USER_SPEAKING' && effects.some(isTurnEnd) ? before.userTurn : undefined;
    if (ended) {
      this.answeredFromMs.push(ended.startedAudioMs);
      this.endedAtMs.push(this.audioMs);
    }
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: TurnEffect): void {
    switch (effect.type) {
      case 'open_utterance':
        return void this.beginsMs.set(effect.utterance, effect.fromAudioMs);
      case 'finish_utterance':
        return this.expect(FINAL_MS, { type: 'transcript_finished', utterance: effect.utterance, text: this.textOf(effect.utterance) });
      case 'start_reply':
        this.expect(FIRST_WORDS_MS, { type: 'reply_text_produced', reply: effect.reply, text: 'That. ' });
        return this.expect(FIRST_WORDS_MS, { type: 'reply_text_ended', reply: effect.reply });
      case 'speak':
        return this.expect(0, { type: 'reply_audio_produced', reply: effect.reply, audio: new Int16Array(1), durationMs: LONG_SPEECH_MS });
      case 'send_audio':
        return this.expect(0, { type: 'audio_sent', reply: effect.reply, durationMs: effect.durationMs });
      case 'expect_echo':
        return this.detector.setAssistantSpeaking(effect.active);
      case 'notify':
        if (effect.notification.type === 'interrupted') this.interruptedAtMs.push(this.audioMs);
        return undefined;
      default:
        return undefined;
    }
  }

  /** What is recognised in the audio of an utterance that ends now. */
  private textOf(utterance: number): string {
    const beginMs = this.beginsMs.get(utterance) ?? this.audioMs;
    return this.recognise(this.pcm.subarray(Math.round(beginMs * SAMPLES_PER_MS), this.audioMs * SAMPLES_PER_MS));
  }

  private expect(afterMs: number, event: UntimedTurnEvent): void {
    this.expected.push({ atMs: this.audioMs + afterMs, event });
  }
}
