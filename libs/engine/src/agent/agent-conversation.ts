import type { EndReason } from '@parley/conversation';
import {
  type Clock,
  type Connection,
  type Conversation,
  type ConversationEvent,
  type EngineLogger,
  OUTPUT_SAMPLE_RATE_HZ,
  type PlaybackReport,
} from '../ports';
import type { ProviderError, VoiceAgent, VoiceAgentOverrides } from '@parley/providers';
import { AudioOutbox } from '../output/audio-outbox';
import { UNREACHABLE_NOTICE } from './unreachable-notice';
import { AgentLink, type AgentNews } from './agent-link';
import { AgentTurns } from './agent-turns';
import { ConversationHistory } from './conversation-history';
import { ConversationLimits } from './conversation-limits';
import type { SpokenLines } from './spoken-lines';
import type { ClientTools } from './tools/client-tools';
import { ToolCalls } from './tools/tool-calls';

export interface AgentConversationOptions {
  agent: VoiceAgent;
  tools: ClientTools;
  lines: Pick<SpokenLines, 'take'>;
  /** What this conversation wants of the agent, the first message aside. */
  overrides: VoiceAgentOverrides;
  /** What the agent says first in place of what it is configured to, where it may be told so. */
  firstMessage: string | undefined;
  inactivityTimeoutMs: number;
  maxSessionMs: number;
  /** An answer must come within this. */
  stallTimeoutMs: number;
  playerBufferMs: number;
  /** Spreads reconnects, 0..1. */
  random: () => number;
  /** Everything has been released. */
  onEnded: () => void;
  logger: EngineLogger;
  clock: Clock;
}

const MAX_QUOTED_CHARACTERS = 500;

/** One conversation with the vendor's agent: what the client sends goes to the link, what the agent tells to the turns. */
export class AgentConversation implements Conversation {
  private readonly history = new ConversationHistory();
  private readonly outbox: AudioOutbox;
  private readonly turns: AgentTurns;
  private readonly link: AgentLink;
  private readonly limits: ConversationLimits;
  private readonly tools: ToolCalls;
  /** The greeting, ready to be heard: the agent is told not to say it. */
  private readonly greeting: Int16Array | undefined;
  /** To be done when the reply in hand has been heard. */
  private whenQuiet: (() => void) | undefined;
  private roundTripMs: number | undefined;
  private isLossTold = false;
  private ended = false;

  constructor(
    private readonly connection: Connection,
    private readonly options: AgentConversationOptions,
  ) {
    const { agent, random, stallTimeoutMs, playerBufferMs, inactivityTimeoutMs, maxSessionMs } = options;
    const now = (): number => options.clock.now();
    this.greeting = this.takeGreeting();
    this.outbox = new AudioOutbox({
      sampleRateHz: OUTPUT_SAMPLE_RATE_HZ,
      maxLeadMs: connection.output.maxLeadMs,
      now,
      send: (speech) => connection.output.play(speech),
      onSent: (turn, durationMs) => this.turns.audioSent(turn, durationMs),
      onFinished: () => undefined,
    });
    this.turns = new AgentTurns(
      {
        emit: (event) => this.emit(event),
        outbox: this.outbox,
        clear: (turn) => connection.output.clear(turn),
        history: this.history,
        active: (atMs) => this.limits.active(atMs),
        quiet: () => this.becameQuiet(),
        stalled: () => this.tellFailure('timeout', false),
        stoppedHere: (heard) => this.link.contextualUpdate(stoppedUpdate(heard)),
        now,
      },
      { stallTimeoutMs, playerBufferMs },
    );
    this.link = new AgentLink(
      { agent, outputRateHz: OUTPUT_SAMPLE_RATE_HZ, overrides: (again) => this.overrides(again), random, now },
      {
        opened: (again) => this.opened(again),
        news: (news) => this.take(news),
        lost: (error) => this.lost(error),
        audioDropped: () => this.emit({ type: 'notice', turn: this.turns.turn, notice: 'audio_dropped' }),
        hungUp: () => this.afterSpeech(() => this.end('client')),
        failed: (error) => this.failed(error),
      },
    );
    this.tools = new ToolCalls(options.tools, {
      started: (name) => this.toolStarted(name),
      answered: (result) => this.link.toolResult(result),
      ended: (name) => this.toolEnded(name),
      hangUp: () => {
        this.turns.sayGoodbye();
        this.afterSpeech(() => this.end('client'), true);
      },
    });
    this.limits = new ConversationLimits({
      inactivityTimeoutMs,
      maxSessionMs,
      now,
      isBusy: () => this.turns.isBusy,
      endingSoon: (inMs) => this.emit({ type: 'ending_soon', inMs }),
      inactive: () => this.end('inactivity_timeout'),
      over: () => this.end('server_shutdown'),
    });
  }

  /** Resolves when the agent listens or the first attempt has failed; never rejects. Once. */
  async start(): Promise<void> {
    this.limits.start();
    this.turns.begin();
    if (this.greeting) this.turns.say(this.options.firstMessage ?? '', this.greeting);
    await this.link.start();
  }

  pushAudio(pcm: Int16Array): void {
    this.link.pushAudio(pcm);
  }

  pushText(text: string): void {
    if (!this.link.isLive) return;
    this.turns.typed(text);
    this.link.sendText(text);
  }

  interrupt(): void {
    this.turns.stop();
  }

  reportPlayback(report: PlaybackReport): void {
    if (this.ended) return;
    this.outbox.reportPlayback(report);
    this.turns.played(report);
  }

  end(reason: EndReason): void {
    if (this.ended) return;
    this.turns.end();
    this.ended = true;
    this.limits.stop();
    this.outbox.close();
    this.link.close();
    this.tools.giveUp();
    const { conversationId } = this.connection.options;
    const { logger, onEnded } = this.options;
    logger.debug('a conversation with the agent has ended', { conversationId, reason, roundTripMs: this.roundTripMs });
    onEnded();
    this.connection.emit({ type: 'ended', reason });
  }

  private take(news: AgentNews): void {
    switch (news.type) {
      case 'audio':
        return this.turns.audio(news.pcm, news.alignment);
      case 'user_transcript':
        return this.turns.transcript(news.text, news.isFinal);
      case 'reply_text_part':
        return this.turns.replyPart(news.text);
      case 'reply_text':
        return this.turns.replyText(news.text);
      case 'reply_corrected':
        return this.turns.corrected(news.original, news.text);
      case 'interrupted':
        return this.turns.interruptedByVoice();
      case 'tool_called':
        return void this.tools.use(news.callId, news);
      case 'latency':
        this.roundTripMs = news.roundTripMs;
        return;
      case 'hanging_up':
        return;
    }
  }

  private toolStarted(name: string): void {
    this.emit({ type: 'tool', turn: this.turns.turn, name, status: 'started' });
    this.turns.toolStarted();
  }

  private toolEnded(name: string): void {
    this.emit({ type: 'tool', turn: this.turns.turn, name, status: 'ended' });
    this.turns.toolEnded();
  }

  private opened(again: boolean): void {
    this.turns.suspend(false);
    this.isLossTold = false;
    const { unanswered } = this.turns;
    if (again) {
      const said = [this.history.handover(unanswered), halfHeardLine(this.turns.halfHeard)].filter((line) => line !== undefined);
      if (said.length > 0) this.link.contextualUpdate(said.join('\n'));
    } else if (this.greeting) {
      this.link.contextualUpdate(`You have greeted the user already, with these words: ${this.options.firstMessage}`);
    }
    if (unanswered !== undefined) this.link.sendText(unanswered);
  }

  private disconnected(): void {
    this.tools.giveUp();
    this.turns.suspend(true);
  }

  private lost(error: ProviderError): void {
    this.logFailure('the agent was lost', error);
    this.disconnected();
    const { greeting } = this.history;
    if (greeting !== undefined && !this.options.agent.overridable.has('firstMessage')) this.turns.hearNoMore(greeting);
    this.tellFailure(error.code, false);
    this.isLossTold = true;
  }

  /** For good: said aloud, where the words are at hand, and then told. */
  private failed(error: ProviderError): void {
    this.logFailure('the agent cannot be reached', error);
    this.disconnected();
    this.turns.giveUp();
    this.afterSpeech(() => {
      const notice = this.options.lines.take(UNREACHABLE_NOTICE, this.options.overrides.voiceId);
      if (notice) {
        // Whoever reads need not wait for what is said.
        if (!this.isLossTold) this.tellFailure(error.code, false);
        this.turns.say(UNREACHABLE_NOTICE, notice);
      }
      this.afterSpeech(() => {
        this.tellFailure(error.code, true);
        this.end('error');
      });
    });
  }

  /** When what the agent has said was heard; `mayGoOn`: it may say more before. */
  private afterSpeech(act: () => void, mayGoOn = false): void {
    if (this.ended) return;
    if (!this.turns.isBusy) return act();
    if (!mayGoOn) this.turns.giveUp();
    if (!this.turns.isBusy) return act();
    this.whenQuiet = act;
    if (!mayGoOn) this.turns.noMoreAudio();
  }

  private becameQuiet(): void {
    const { whenQuiet } = this;
    this.whenQuiet = undefined;
    whenQuiet?.();
  }

  private takeGreeting(): Int16Array | undefined {
    const { agent, firstMessage, lines, overrides } = this.options;
    if (firstMessage === undefined || !agent.overridable.has('firstMessage')) return undefined;
    return lines.take(firstMessage, overrides.voiceId);
  }

  private overrides(again: boolean): VoiceAgentOverrides {
    const { overrides, firstMessage } = this.options;
    if (again || this.greeting) return { ...overrides, firstMessage: '' };
    return firstMessage === undefined ? overrides : { ...overrides, firstMessage };
  }

  private emit(event: ConversationEvent): void {
    if (!this.ended) this.connection.emit(event);
  }

  private tellFailure(reason: ProviderError['code'], fatal: boolean): void {
    this.emit({ type: 'failure', turn: this.turns.turn, stage: 'agent', reason, fatal });
  }

  private logFailure(message: string, { code, message: cause }: ProviderError): void {
    this.options.logger.warn(message, { conversationId: this.connection.options.conversationId, code, cause });
  }
}

const halfHeardLine = (words: string): string | undefined =>
  words === '' ? undefined : `The user had begun to say: ${words.slice(0, MAX_QUOTED_CHARACTERS)}`;

const stoppedUpdate = (heard: string): string =>
  heard === ''
    ? 'The user has stopped you with a button and has heard nothing of your last answer.'
    : `The user has stopped you with a button. Of your last answer the user heard only: ${heard.slice(-MAX_QUOTED_CHARACTERS)}`;
