import type { FailureReason, Stage, TimerName, TurnEffect, TurnNotification, UntimedTurnEvent } from '@parley/conversation';
import { AsyncQueue, type LlmEvent, ProviderError, type SpeechChunk, type SttUtterance } from '@parley/providers';
import type { AudioOutbox } from '../output/audio-outbox';
import type { EndedTurn } from '../ports';
import type { TurnTimers } from '../turns/turn-timers';
import type { ReplyRequest } from './llm.stream';

/** What effects are performed on. */
export interface EffectPorts {
  utterance(signal: AbortSignal): SttUtterance;
  generate(request: ReplyRequest, signal: AbortSignal): AsyncIterable<LlmEvent>;
  speak(text: AsyncIterable<string>, signal: AbortSignal): AsyncIterable<SpeechChunk>;
  /** Prepared audio of a fallback sentence. */
  preparedSpeech(stage: Stage): Int16Array | undefined;
  /** The microphone's audio since `fromAudioMs`. */
  heardSince(fromAudioMs: number): Int16Array;
  judge(turn: EndedTurn): void;
  expectEcho(active: boolean): void;
  notify(notification: TurnNotification): void;
  /** Everything has been released. */
  ended(effect: Extract<TurnEffect, { type: 'end_session' }>): void;
  dispatch(event: UntimedTurnEvent): void;
  /** Something that should never happen: logged by the session. */
  unexpected(error: unknown): void;
}

interface OpenUtterance {
  id: number;
  utterance: SttUtterance;
  controller: AbortController;
}

interface ReplyWork {
  controller: AbortController;
  /** Whether the language model is still writing it. */
  writing: boolean;
  /** Whether the voice is still speaking it. */
  speaking: boolean;
  /** Sentences for the voice; there once speech has begun. */
  sentences: AsyncQueue<string> | undefined;
}

const MS_PER_SECOND = 1000;

/** Performs what the turn engine decides. The only owner of a session's work: every stream of it is started and aborted here. */
export class EffectRunner {
  private readonly utterances = new Map<number, OpenUtterance>();
  private readonly replies = new Map<number, ReplyWork>();
  /** The utterance that takes the microphone's audio. */
  private listening: OpenUtterance | undefined;
  private released = false;

  constructor(
    private readonly ports: EffectPorts,
    private readonly outbox: AudioOutbox,
    private readonly timers: TurnTimers<TimerName>,
    private readonly outputRateHz: number,
  ) {}

  /** Streams that are open, for the resource count. */
  get openStreams(): number {
    return this.utterances.size + this.replies.size;
  }

  /** Audio from the microphone, for the utterance that is open. */
  pushAudio(pcm: Int16Array): void {
    this.listening?.utterance.push(pcm);
  }

  perform(effect: TurnEffect): void {
    switch (effect.type) {
      case 'open_utterance':
        return this.openUtterance(effect.utterance, effect.fromAudioMs);
      case 'finish_utterance':
        return this.finishUtterance(effect.utterance);
      case 'discard_utterance':
        return this.discardUtterance(effect.utterance);
      case 'judge_turn':
        return this.ports.judge({ turn: effect.turn, text: effect.text, heard: effect.heard });
      case 'start_reply':
        return this.startReply(effect.reply, { messages: effect.messages, speculative: effect.speculative });
      case 'speak':
        return this.speak(effect.reply, effect.text);
      case 'finish_speech':
        return this.replies.get(effect.reply)?.sentences?.end();
      case 'speak_fallback':
        return this.speakFallback(effect.reply, effect.stage, effect.text);
      case 'cancel_reply':
        return this.cancelReply(effect.reply);
      case 'send_audio':
        return this.outbox.push(effect.reply, effect.turn, effect.audio);
      case 'finish_audio':
        return this.outbox.finish(effect.reply, effect.turn);
      case 'hold_audio':
        return this.outbox.hold(effect.active);
      case 'expect_echo':
        return this.ports.expectEcho(effect.active);
      case 'set_timer':
        return this.timers.set(effect.timer, effect.delayMs);
      case 'clear_timer':
        return this.timers.clear(effect.timer);
      case 'notify':
        return this.ports.notify(effect.notification);
      case 'end_session':
        this.release();
        return this.ports.ended(effect);
    }
  }

  /** Aborts all work. Idempotent. */
  release(): void {
    this.released = true;
    for (const { controller } of [...this.utterances.values(), ...this.replies.values()]) controller.abort();
    this.utterances.clear();
    this.replies.clear();
    this.listening = undefined;
    this.outbox.close();
    this.timers.clearAll();
  }

  private openUtterance(id: number, fromAudioMs: number): void {
    const controller = new AbortController();
    const utterance = this.ports.utterance(controller.signal);
    const open: OpenUtterance = { id, utterance, controller };
    this.utterances.set(id, open);
    this.listening = open;
    utterance.push(this.ports.heardSince(fromAudioMs));
    this.run(this.followTranscripts(open));
  }

  private finishUtterance(id: number): void {
    if (this.listening?.id === id) this.listening = undefined;
    this.utterances.get(id)?.utterance.end();
  }

  private discardUtterance(id: number): void {
    if (this.listening?.id === id) this.listening = undefined;
    this.utterances.get(id)?.controller.abort();
    this.utterances.delete(id);
  }

  private async followTranscripts({ id, utterance, controller }: OpenUtterance): Promise<void> {
    const { signal } = controller;
    const failed = (reason: FailureReason): void => {
      if (!signal.aborted) this.ports.dispatch({ type: 'transcription_failed', utterance: id, reason });
    };
    try {
      let final: string | undefined;
      for await (const { text, isFinal } of utterance.transcripts) {
        if (signal.aborted) return;
        if (isFinal) final = text;
        else this.ports.dispatch({ type: 'transcript_changed', utterance: id, text });
      }
      if (signal.aborted) return;
      this.utterances.delete(id);
      if (final === undefined) failed('bad_response');
      else this.ports.dispatch({ type: 'transcript_finished', utterance: id, text: final });
    } catch (error) {
      this.utterances.delete(id);
      if (this.listening?.id === id) this.listening = undefined;
      failed(this.reasonOf(error, signal));
    }
  }

  private startReply(id: number, request: ReplyRequest): void {
    const work: ReplyWork = { controller: new AbortController(), writing: true, speaking: false, sentences: undefined };
    this.replies.set(id, work);
    const written = this.followText(id, request, work.controller.signal);
    this.run(written.finally(() => this.settleReply(id, work, { writing: false })));
  }

  private async followText(reply: number, request: ReplyRequest, signal: AbortSignal): Promise<void> {
    try {
      let whole = false;
      let hasText = false;
      let hasCalled = false;
      for await (const event of this.ports.generate(request, signal)) {
        if (signal.aborted) return;
        whole ||= event.type === 'end';
        hasCalled ||= event.type === 'tool_call';
        if (event.type !== 'text') continue;
        hasText ||= event.text.trim() !== '';
        this.ports.dispatch({ type: 'reply_text_produced', reply, text: event.text });
      }
      if (signal.aborted) return;
      if (!whole) this.ports.dispatch({ type: 'reply_failed', reply, stage: 'llm', reason: 'connection_lost' });
      // No tools are offered. A call for one is passed over, but where it is all of the reply, there is no answer.
      else if (hasCalled && !hasText) this.ports.dispatch({ type: 'reply_failed', reply, stage: 'llm', reason: 'bad_response' });
      else this.ports.dispatch({ type: 'reply_text_ended', reply });
    } catch (error) {
      this.replyFailed(reply, 'llm', error, signal);
    }
  }

  private speak(reply: number, text: string): void {
    const work = this.replies.get(reply);
    if (work === undefined) return;
    if (work.sentences === undefined) {
      work.sentences = new AsyncQueue<string>();
      work.speaking = true;
      const spoken = this.followSpeech(reply, work.sentences, work.controller.signal);
      this.run(spoken.finally(() => this.settleReply(reply, work, { speaking: false })));
    }
    work.sentences.push(text);
  }

  /** A reply that no vendor works on any more is none of the runner's. Its last text may have opened its voice just now. */
  private settleReply(id: number, work: ReplyWork, over: Partial<Pick<ReplyWork, 'writing' | 'speaking'>>): void {
    Object.assign(work, over);
    if (!work.writing && !work.speaking && this.replies.get(id) === work) this.replies.delete(id);
  }

  private async followSpeech(reply: number, sentences: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
    try {
      for await (const chunk of this.ports.speak(sentences, signal)) {
        if (signal.aborted) return;
        this.produced(reply, chunk);
      }
      if (!signal.aborted) this.ports.dispatch({ type: 'reply_audio_ended', reply });
    } catch (error) {
      this.replyFailed(reply, 'tts', error, signal);
    }
  }

  private replyFailed(reply: number, stage: 'llm' | 'tts', error: unknown, signal: AbortSignal): void {
    const reason = this.reasonOf(error, signal);
    if (!signal.aborted) this.ports.dispatch({ type: 'reply_failed', reply, stage, reason });
  }

  /** Prepared audio needs no vendor and no time; without any, the voice is asked unless it is what failed. */
  private speakFallback(reply: number, stage: Stage, text: string): void {
    const prepared = this.ports.preparedSpeech(stage);
    if (prepared !== undefined) {
      this.produced(reply, { pcm: prepared });
      this.ports.dispatch({ type: 'reply_audio_ended', reply });
    } else if (stage === 'tts') {
      this.ports.dispatch({ type: 'reply_failed', reply, stage, reason: 'unavailable' });
    } else {
      this.replies.set(reply, { controller: new AbortController(), writing: false, speaking: false, sentences: undefined });
      this.speak(reply, text);
      this.replies.get(reply)?.sentences?.end();
    }
  }

  private produced(reply: number, { pcm: audio, alignment }: SpeechChunk): void {
    const durationMs = (audio.length * MS_PER_SECOND) / this.outputRateHz;
    this.ports.dispatch({ type: 'reply_audio_produced', reply, audio, durationMs, ...(alignment && { alignment }) });
  }

  private cancelReply(id: number): void {
    const work = this.replies.get(id);
    work?.controller.abort();
    work?.sentences?.end();
    this.replies.delete(id);
    this.outbox.cancel(id);
  }

  private reasonOf(error: unknown, signal: AbortSignal): FailureReason {
    if (error instanceof ProviderError) return error.code;
    if (!signal.aborted) this.ports.unexpected(error);
    return 'unavailable';
  }

  private run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!this.released) this.ports.unexpected(error);
    });
  }
}
