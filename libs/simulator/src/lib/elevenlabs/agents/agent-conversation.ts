import type { ElevenLabsFault } from '../../faults/fault';
import type { FaultScope } from '../../faults/fault-scope';
import type { ReplyMessage } from '../../openai/reply-source';
import { sleep } from '../../server/sleep';
import type { SocketFailure, SocketLink } from '../../server/socket-link';
import type { AgentDeps } from './agent-deps';
import { AgentRecogniser, type UserTurn } from './agent-recogniser';
import { agentFailure, QUOTA_FAILURE } from './agent-errors';
import { AgentEvents } from './agent-events';
import { metadataFrame, tentativeTranscriptFrame, transcriptFrame, vadScoreFrame } from './agent-frames';
import { AgentModel, words } from './agent-model';
import { AgentReply } from './agent-reply';
import { AgentTools } from './agent-tools';
import type { ClientEvent } from './client-event';
import type { ConversationSettings } from './initiation';
import { sendInterruption } from './send-interruption';
import type { SimulatedAgent } from './simulated-agent';

export interface ConversationOptions {
  id: string;
  agent: SimulatedAgent;
  settings: ConversationSettings;
  link: SocketLink<ElevenLabsFault>;
  deps: AgentDeps;
  /** False when the account's quota is used up: the first reply then ends the conversation with an error. */
  paid: boolean;
  /** Ends the conversation with an error. */
  fail(failure: SocketFailure): void;
}

/** One conversation, from its metadata to the end of the socket: turns, interruptions and tools. It ends when the socket does. */
export class AgentConversation {
  readonly events: AgentEvents;
  readonly #model: AgentModel;
  readonly #recogniser: AgentRecogniser;
  readonly #tools: AgentTools;
  #reply: AgentReply | undefined;
  /** The message for `#reply` in the model's memory; corrected when the reply is interrupted. */
  #said: ReplyMessage | undefined;
  #typingUntilMs = 0;

  constructor(private readonly options: ConversationOptions) {
    const { id, agent, settings, link, deps, fail } = options;
    this.events = new AgentEvents(settings.clientEvents, link.scope(undefined));
    this.#model = new AgentModel(deps.replies, agent, settings.prompt);
    this.#tools = new AgentTools(this.events, deps, agent.toolTimeoutMs);
    const session = { session: id, format: agent.inputFormat, turnSilenceMs: agent.turnSilenceMs, signal: link.gone };
    this.#recogniser = new AgentRecogniser(
      { ...deps, ...session },
      {
        onSpeech: () => this.#beginTurn(),
        onTentative: ({ eventId, scope }, text) => this.events.send(tentativeTranscriptFrame(eventId, text), scope),
        onTranscript: (turn, text) => this.#onTranscript(turn, text),
        onScore: (score) => this.events.send(vadScoreFrame(score)),
        onFailure: () => fail(agentFailure('asr_transcription_error', 'Transcription failed.')),
      },
    );
    this.events.send(metadataFrame(id, agent.outputFormat, agent.inputFormat));
  }

  /** Lets the agent say its first message, if it has one. */
  begin(): void {
    const { firstMessage } = this.options.settings;
    if (firstMessage !== '') void this.#respond(this.#drawScope(), (reply) => this.#say(reply, words(firstMessage), { thinks: false }));
  }

  /** The socket is gone. */
  close(): void {
    this.#recogniser.close();
  }

  receive(event: ClientEvent): void {
    const { tally, limits } = this.options.deps;
    switch (event.type) {
      case 'user_audio_chunk':
        return this.#recogniser.pushAudio(event.audio);
      case 'user_message':
        tally.userMessages += 1;
        this.#typingUntilMs = 0;
        return this.#onWords(this.#beginTurn().scope, event.text);
      case 'user_activity':
        tally.userActivities += 1;
        this.#typingUntilMs = performance.now() + limits.agentTypingMs;
        return;
      case 'contextual_update':
        tally.contextUpdates = [...tally.contextUpdates.slice(-99), event.text];
        return this.#model.addContext(event.text);
      case 'client_tool_result':
        return this.#tools.settle(event.toolCallId, event.result, event.isError);
      case 'feedback':
        tally.feedback += 1;
        return;
      default:
        return;
    }
  }

  /** Begins a user turn, and stops what the agent is saying or about to say. */
  #beginTurn(): UserTurn {
    this.#interrupt();
    return { scope: this.#drawScope(), eventId: this.events.nextId() };
  }

  #interrupt(): void {
    const { deps } = this.options;
    const reply = this.#reply;
    const said = this.#said;
    this.#reply = undefined;
    this.#said = undefined;
    if (!reply) return;
    const cut = reply.going;
    const heard = reply.heardText();
    reply.stop();
    if (!cut) return;
    deps.tally.interruptions += 1;
    sendInterruption(this.events, reply, heard);
    if (said) said.content = heard;
  }

  #drawScope(): FaultScope<ElevenLabsFault> {
    const { link, deps } = this.options;
    const scope = link.scope(deps.drawFault());
    deps.tally.turns += 1;
    scope.begin();
    return scope;
  }

  #onTranscript({ eventId, scope }: UserTurn, text: string): void {
    if (text === '' || scope.is('missing-final')) {
      // Noise interrupted the agent before it answered the last words, so answer those now.
      if (this.#model.hasUnansweredMessage && !this.#reply) this.#onWords(scope, undefined);
      return;
    }
    this.events.send(transcriptFrame(eventId, text), scope);
    if (scope.is('duplicate-final')) this.events.send(transcriptFrame(eventId, text), scope);
    this.#onWords(scope, text);
  }

  /** Answers the user's words. `text` is undefined when the unanswered words are in the model's memory already. */
  #onWords(scope: FaultScope<ElevenLabsFault>, text: string | undefined): void {
    if (text !== undefined) this.#model.addMessage('user', text);
    // The user has begun to speak again; the answer follows when that utterance ends.
    if (this.#recogniser.isListening) return;
    // When two utterances are recognised at the same time, only one reply is given, to both.
    this.#interrupt();
    void this.#respond(scope, (reply) => this.#answer(reply));
  }

  async #respond(scope: FaultScope<ElevenLabsFault>, speak: (reply: AgentReply) => Promise<void>): Promise<void> {
    const { settings, agent, link, deps, paid, fail } = this.options;
    if (!paid) return fail(QUOTA_FAILURE);
    const reply = new AgentReply({
      scope,
      events: this.events,
      deps,
      voice: settings.textOnly ? undefined : settings.voice,
      format: agent.outputFormat,
      alignment: agent.alignment,
      signal: link.gone,
    });
    this.#reply = reply;
    this.#said = undefined;
    try {
      await speak(reply);
    } catch {
      if (!reply.signal.aborted) fail(agentFailure('tts_cascade_error', 'Speech generation failed.'));
    }
  }

  async #answer(reply: AgentReply): Promise<void> {
    const { link } = this.options;
    if (!(await this.#waitWhileTyping(reply.signal))) return;
    const decision = this.#model.chooseTool((tool) => this.#tools.canUse(tool));
    if (decision?.tool.name === 'end_call') {
      await this.#say(reply, this.#model.answer(), { thinks: true, onAnnounced: () => this.#tools.call(reply, decision) });
      // All audio has been sent, although the client may still be playing it.
      if (decision.tool.type === 'system' && reply.announced) link.close(1000);
      return;
    }
    if (!decision) return this.#say(reply, this.#model.answer(), { thinks: true });
    const outcome = await this.#tools.use(reply, decision);
    if (outcome.kind !== 'gone') await this.#say(reply, this.#model.answerWith(decision.tool.name, outcome), { thinks: true });
  }

  async #say(reply: AgentReply, pieces: Iterable<string>, { thinks, onAnnounced }: { thinks: boolean; onAnnounced?: () => void }) {
    await reply.say(pieces, {
      thinks,
      onAnnounced: (text) => {
        this.#said = this.#model.addMessage('assistant', text);
        onAnnounced?.();
      },
    });
  }

  /** Waits while the user types. False when the reply has ended meanwhile. */
  async #waitWhileTyping(signal: AbortSignal): Promise<boolean> {
    for (;;) {
      const waitMs = this.#typingUntilMs - performance.now();
      if (waitMs <= 0) return !signal.aborted;
      if (!(await sleep(waitMs, signal))) return false;
    }
  }
}
