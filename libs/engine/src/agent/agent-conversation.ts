import {
  agentIdle,
  agentPastOf,
  type AgentRunning,
  type AgentTimerName,
  type AgentTurnEffect,
  type AgentTurnEvent,
  type AgentTurnPolicy,
  type AgentTurnState,
  type EndReason,
  reduceAgentTurns,
  type UntimedAgentTurnEvent,
} from '@parley/conversation';
import type { ProviderError, VoiceAgent, VoiceAgentOverrides } from '@parley/providers';
import { AudioOutbox } from '../output/audio-outbox';
import {
  type Clock,
  type Connection,
  type Conversation,
  type ConversationMemory,
  EMPTY_MEMORY,
  type EngineLogger,
  OUTPUT_SAMPLE_RATE_HZ,
  type OutgoingSpeech,
  type PlaybackReport,
} from '../ports';
import type { ConversationRecording } from '../recording/conversation-recording';
import type { Recorder } from '../recording/recorder';
import { NotificationRelay, type ObserveConversation } from '../turns/notification-relay';
import { People } from '../turns/people';
import { TurnLoop } from '../turns/turn-loop';
import { TurnTimers } from '../turns/turn-timers';
import { AgentEffectRunner } from './agent-effect-runner';
import { speechOf, turnEventOf } from './agent-events';
import { AgentLink, type AgentConnectionEvent } from './agent-link';
import type { SpokenLines } from './spoken-lines';
import type { ClientTools } from './tools/client-tools';
import { ToolCalls } from './tools/tool-calls';
import { UNREACHABLE_NOTICE } from './unreachable-notice';

export interface AgentConversationOptions {
  agent: VoiceAgent;
  tools: ClientTools;
  lines: Pick<SpokenLines, 'take'>;
  /** What this conversation changes in the agent's configuration, except for the first message. */
  overrides: VoiceAgentOverrides;
  /** What the agent says first, instead of its configured greeting, if the agent allows that to be changed. */
  firstMessage: string | undefined;
  inactivityTimeoutMs: number;
  maxSessionMs: number;
  /** How long the agent may take to answer before the turn goes back to the user. */
  stallTimeoutMs: number;
  playerBufferMs: number;
  /** Random number from 0 to 1, which spreads the reconnects of many conversations over time. */
  random: () => number;
  /** If left out, nothing is recorded. */
  recorder?: Recorder;
  /** Receives every event that the client receives. */
  observe?: ObserveConversation;
  /** Called when everything has been released. */
  onEnded: () => void;
  logger: EngineLogger;
  clock: Clock;
}

/**
 * One conversation with the vendor's agent. What the client and the agent send becomes events of its turns. The decisions that follow are
 * carried out on the connection to the agent and on the output to the client.
 */
export class AgentConversation implements Conversation {
  private readonly policy: AgentTurnPolicy;
  private readonly loop: TurnLoop<AgentTurnState, UntimedAgentTurnEvent, AgentTurnEffect>;
  private readonly timers = new TurnTimers<AgentTimerName>((timer) => this.dispatch({ type: 'timer_fired', timer }));
  private readonly outbox: AudioOutbox;
  private readonly link: AgentLink;
  private readonly tools: ToolCalls;
  private readonly relay: NotificationRelay;
  /** The greeting as ready audio. If it is set, the agent is told not to greet the user itself. */
  private readonly greeting: Int16Array | undefined;
  private readonly people: People;
  /** The last state before the end. */
  private running: AgentRunning | undefined;
  private recording: ConversationRecording | undefined;
  private roundTripMs: number | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly options: AgentConversationOptions,
  ) {
    const { agent, clock, random, stallTimeoutMs, playerBufferMs, inactivityTimeoutMs, maxSessionMs } = options;
    this.people = new People({ connection, logger: options.logger, dispatch: (event) => this.dispatch(event) });
    const now = (): number => clock.now();
    this.policy = {
      stallTimeoutMs,
      playerBufferMs,
      inactivityTimeoutMs,
      maxSessionMs,
      judgesTurns: connection.audience !== undefined,
      greetsAgain: !agent.overridable.has('firstMessage'),
    };
    this.greeting = this.takeGreeting();
    this.relay = new NotificationRelay(connection, options.observe);
    this.outbox = new AudioOutbox({
      sampleRateHz: OUTPUT_SAMPLE_RATE_HZ,
      maxLeadMs: connection.output.maxLeadMs,
      now,
      send: (speech) => this.send(speech),
      onSent: (turn, durationMs) => this.dispatch({ type: 'audio_sent', turn, durationMs }),
      onFinished: () => undefined,
    });
    this.link = new AgentLink(
      { agent, outputRateHz: OUTPUT_SAMPLE_RATE_HZ, overrides: (again) => this.overrides(again), random, now },
      {
        opened: () => this.dispatch({ type: 'agent_connected' }),
        event: (event) => this.take(event),
        lost: (error) => this.lost(error),
        audioDropped: () => this.dispatch({ type: 'audio_dropped' }),
        hungUp: () => this.dispatch({ type: 'agent_hung_up' }),
        failed: (error) => this.failed(error),
      },
    );
    this.tools = new ToolCalls(options.tools, {
      started: (name) => this.dispatch({ type: 'tool_started', name }),
      answered: (result) => this.link.toolResult(result),
      ended: (name) => this.dispatch({ type: 'tool_ended', name }),
      hangUp: () => this.dispatch({ type: 'hang_up_requested' }),
    });
    const runner = new AgentEffectRunner({
      outbox: this.outbox,
      timers: this.timers,
      link: this.link,
      judge: (turn) => this.people.judge(turn),
      takeNotice: () => this.takeNotice(),
      notify: (notification) => this.relay.pass(notification),
      end: (reason) => this.release(reason),
    });
    this.loop = new TurnLoop<AgentTurnState, UntimedAgentTurnEvent, AgentTurnEffect>({
      initial: agentIdle(this.policy),
      clock,
      reduce: reduceAgentTurns,
      decided: (event, effects) => this.decided(event, effects),
      perform: (effect) => runner.perform(effect),
    });
  }

  /** Resolves when the agent listens or the first attempt has failed; never rejects. Once. */
  async start(): Promise<void> {
    this.recording = this.options.recorder?.beginAgent(this.connection.options.conversationId, this.policy);
    const past = this.connection.options.memory;
    this.dispatch({ type: 'conversation_started', ...(past && { past }) });
    if (this.greeting) this.sayLine('greeting', this.options.firstMessage ?? '', this.greeting);
    await this.link.start();
  }

  /** Only the agent hears when the user begins to speak, so a turn is known from its first words on. */
  get isInTurn(): boolean {
    const { state } = this.loop;
    if (state.phase !== 'USER_SPEAKING') return state.phase !== 'IDLE';
    return state.unfinishedWords !== '' || state.unjudged !== undefined;
  }

  pushAudio(pcm: Int16Array): void {
    this.people.look();
    this.recording?.heard(pcm);
    this.link.pushAudio(pcm);
  }

  pushText(text: string): void {
    this.dispatch({ type: 'text_received', text });
  }

  interrupt(): void {
    this.dispatch({ type: 'interrupt_requested' });
  }

  reportPlayback(report: PlaybackReport): void {
    this.outbox.reportPlayback(report);
    this.dispatch({ type: 'playback_reported', ...report });
  }

  memory(): ConversationMemory {
    return this.running ? agentPastOf(this.running) : (this.connection.options.memory ?? EMPTY_MEMORY);
  }

  end(reason: EndReason): void {
    this.dispatch({ type: 'conversation_ended', reason });
  }

  private decided(event: AgentTurnEvent, effects: readonly AgentTurnEffect[]): void {
    this.recording?.decided(event, effects);
    const { state } = this.loop;
    if (state.phase !== 'IDLE') this.running = state;
  }

  private send(speech: OutgoingSpeech): void {
    this.recording?.sent(speech, this.options.clock.now());
    this.connection.output.play(speech);
  }

  private dispatch(event: UntimedAgentTurnEvent): void {
    this.loop.dispatch(event);
  }

  private take(event: AgentConnectionEvent): void {
    switch (event.type) {
      case 'tool_called':
        return void this.tools.use(event.callId, event);
      case 'latency':
        this.roundTripMs = event.roundTripMs;
        return;
      case 'hanging_up':
        return;
      default:
        return this.dispatch(turnEventOf(event));
    }
  }

  private lost(error: ProviderError): void {
    this.logFailure('the agent was lost', error);
    this.tools.giveUp();
    this.dispatch({ type: 'agent_lost', reason: error.code });
  }

  private failed(error: ProviderError): void {
    this.logFailure('the agent cannot be reached', error);
    this.tools.giveUp();
    this.dispatch({ type: 'agent_failed', reason: error.code });
  }

  private takeNotice(): void {
    this.sayLine('notice', UNREACHABLE_NOTICE, this.options.lines.take(UNREACHABLE_NOTICE, this.options.overrides.voiceId));
  }

  private sayLine(line: 'greeting' | 'notice', text: string, pcm: Int16Array | undefined): void {
    this.dispatch({ type: 'line_ready', line, text, speech: pcm && speechOf(pcm) });
  }

  private takeGreeting(): Int16Array | undefined {
    const { agent, firstMessage, lines, overrides } = this.options;
    if (this.connection.options.memory || firstMessage === undefined || !agent.overridable.has('firstMessage')) return undefined;
    return lines.take(firstMessage, overrides.voiceId);
  }

  private overrides(again: boolean): VoiceAgentOverrides {
    const { overrides, firstMessage } = this.options;
    if (again || this.greeting || this.connection.options.memory) return { ...overrides, firstMessage: '' };
    return firstMessage === undefined ? overrides : { ...overrides, firstMessage };
  }

  private release(reason: EndReason): void {
    this.timers.clearAll();
    this.outbox.close();
    this.link.close();
    this.tools.giveUp();
    const { conversationId } = this.connection.options;
    const { logger, onEnded } = this.options;
    logger.debug('a conversation with the agent has ended', { conversationId, reason, roundTripMs: this.roundTripMs });
    if (this.recording) this.options.recorder?.finish(this.recording);
    onEnded();
    this.relay.emit({ type: 'ended', reason });
  }

  private logFailure(message: string, { code, message: cause }: ProviderError): void {
    this.options.logger.warn(message, { conversationId: this.connection.options.conversationId, code, cause });
  }
}
