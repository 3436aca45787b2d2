import type { Fault, InjectedFault } from '@parley/simulator';
import { eventually } from '@parley/testing';
import { ConversationClient, durationMsOf, sleep, violationsIn } from '@parley/testing/client';
import { LEVEL } from '@parley/engine/testing';
import { type AgentChaosCase, losesConnection } from './agent-chaos-case';
import { AGENT_ANSWER, type AgentChaosServer } from './agent-chaos-server';
import { spokenMs } from './chaos-conversation';

const QUESTION = 'Tell me something nice.';
const SAMPLES_PER_MS = 16;
const OUTPUT_RATE_HZ = 24_000;
const ANSWER_MS = spokenMs(AGENT_ANSWER);
/** The longest that anything may take, with all that can go wrong in it: "bounded time". */
const BOUND_MS = 15_000;

/** Faults after which what is said into the conversation comes to nothing: the user has to say it again. */
const LOST_AFTER_MS = 300;
const LOSES_SPEECH: ReadonlySet<Fault['kind']> = new Set(['stall', 'missing-final']);

/**
 * One case: a conversation with the agent that is spoilt at the moment in question. Either it goes on, told of once for each connection that
 * was lost, and the next question is answered whole; or it is over, told of as a failure once for good, and closed. Nothing is left of it.
 */
export async function runAgentChaosCase(server: AgentChaosServer, chaos: AgentChaosCase): Promise<void> {
  const client = await ConversationClient.connect(server.url);
  try {
    const fault = await new FaultyConversation(client, server, chaos).run();
    expect(fault.triggered).toBeGreaterThan(0);
    expect(violationsIn(client.inbox)).toEqual([]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${message}\nThe conversation:\n${client.inbox.summary()}`, { cause: error });
  } finally {
    server.faults.clear();
    await client.close();
  }
  await server.allReleased();
}

class FaultyConversation {
  private readonly openedBefore: number;

  constructor(
    private readonly client: ConversationClient,
    private readonly server: AgentChaosServer,
    private readonly chaos: AgentChaosCase,
  ) {
    this.openedBefore = server.agents.conversations;
  }

  async run(): Promise<InjectedFault> {
    const { chaos, client, server } = this;
    const fault = await this.injectAtMoment();
    if (chaos.end !== undefined) {
      await this.expectEnd(chaos.end);
      return fault;
    }
    await this.waitForRecovery();
    server.faults.clear();
    this.expectErrorsReportedOnce();
    const errorsBefore = this.fatalFlags.length;
    await this.expectAnswer();
    expect(this.fatalFlags.slice(errorsBefore)).toEqual([]);
    expect(client.isOpen).toBe(true);
    return fault;
  }

  /** Leads the conversation to the moment, and lets the fault strike. */
  private async injectAtMoment(): Promise<InjectedFault> {
    const { chaos, client, server } = this;
    const { inbox } = client;
    if (chaos.moment === 'opening') {
      const fault = server.faults.inject({ ...chaos.rule, at: 'connection', times: this.times });
      await client.start({ engine: 'agent' });
      return fault;
    }
    await client.start({ engine: 'agent' });
    await server.opened(this.openedBefore);
    switch (chaos.moment) {
      case 'reconnecting': {
        const fault = server.faults.inject({ ...chaos.rule, at: 'connection', times: this.times });
        server.faults.injectNow({ vendor: 'elevenlabs', endpoint: 'agent-conversation', fault: { kind: 'drop' } });
        return fault;
      }
      case 'listening':
        await this.expectAnswer();
        return this.inject();
      case 'speaking': {
        const { utterances } = server.agents;
        this.sendAudio(LEVEL.silence, 300);
        this.sendAudio(LEVEL.speech, 600);
        await eventually(() => server.agents.utterances > utterances, 'the agent to hear the user');
        return this.inject();
      }
      case 'processing':
        this.ask();
        await inbox.waitForState('AI_PROCESSING', 1);
        return this.inject();
      case 'answering':
        this.ask();
        await this.firstSoundOf(1);
        return this.inject();
      case 'interrupting': {
        this.ask();
        await this.firstSoundOf(1);
        const fault = this.inject();
        this.ask();
        return fault;
      }
    }
  }

  /** Resolves when the conversation is at rest again: connected, and with nobody's turn open. */
  private async waitForRecovery(): Promise<void> {
    const { chaos, client, server } = this;
    const { moment } = chaos;
    const { fault } = chaos.rule;
    const isReconnected = moment === 'reconnecting' || (moment !== 'opening' && losesConnection(fault, moment));
    await server.opened(this.openedBefore + (isReconnected ? 1 : 0));
    if (moment === 'speaking') {
      this.sendAudio(LEVEL.silence, 300);
      this.sendAudio(LEVEL.speech, 1_000);
      this.sendAudio(LEVEL.silence, 1_000);
      await client.settled();
      // Nothing tells when words come to nothing.
      if (LOSES_SPEECH.has(fault.kind)) await sleep(LOST_AFTER_MS);
    }
    const isAnswered = moment === 'speaking' ? !LOSES_SPEECH.has(fault.kind) : moment === 'processing' || moment === 'answering';
    if (isAnswered) {
      await client.inbox.waitForState('USER_SPEAKING', 2, BOUND_MS);
      // What was cut short has an end, too.
      expect(client.inbox.speechOf(1).at(-1)?.last ?? true).toBe(true);
    }
    if (moment !== 'interrupting') return;
    await client.inbox.waitForState('USER_SPEAKING', 3, BOUND_MS);
    this.expectWholeAnswer(2);
  }

  /** A question that is answered as it should be. */
  private async expectAnswer(): Promise<void> {
    const { turn } = this.client;
    this.ask();
    await this.client.inbox.waitForState('USER_SPEAKING', turn + 1, BOUND_MS);
    this.expectWholeAnswer(turn);
  }

  private expectWholeAnswer(turn: number): void {
    const { inbox } = this.client;
    const speechMs = durationMsOf(inbox.speechOf(turn), OUTPUT_RATE_HZ);
    expect(speechMs).toBeGreaterThan(ANSWER_MS * 0.95);
    expect(inbox.replyText(turn).trim()).toBe(AGENT_ANSWER);
    expect(speechMs).toBeLessThan(ANSWER_MS * 1.05);
  }

  /** It goes on: what was lost and made again was told, and not more than once each. */
  private expectErrorsReportedOnce(): void {
    expect(this.fatalFlags).toEqual(this.fatalFlags.map(() => false));
    expect(this.fatalFlags.length).toBeLessThanOrEqual(this.mostErrors);
  }

  private async expectEnd(end: 'error' | 'client'): Promise<void> {
    const { client } = this;
    const { inbox } = client;
    await inbox.waitForMessage('conversation_ended', undefined, BOUND_MS);
    expect(await client.closed(BOUND_MS)).toBe(end === 'error' ? 1011 : 1000);
    expect(inbox.messages('conversation_ended')).toEqual([{ type: 'conversation_ended', reason: end }]);
    if (end === 'client') return expect(this.fatalFlags).toEqual([]);
    // Whoever reads is told at once, whoever listens is told aloud; then it is over.
    expect(this.fatalFlags.at(-1)).toBe(true);
    expect(this.fatalFlags.slice(0, -1)).toEqual(this.fatalFlags.slice(0, -1).map(() => false));
    expect(this.fatalFlags.length).toBeLessThanOrEqual(this.mostErrors + 1);
  }

  /** Whether each failure that was told of was for good. There are no others than the agent's. */
  private get fatalFlags(): boolean[] {
    const errors = this.client.inbox.messages('error');
    expect(errors.map(({ code }) => code)).toEqual(errors.map(() => 'agent_failed'));
    return errors.map(({ fatal }) => fatal);
  }

  /** What there is to be told: a connection that does not come about is one thing, however often it is tried; each one that was there and was lost is another. */
  private get mostErrors(): number {
    const { moment, persistence } = this.chaos;
    return persistence === 'once' || moment === 'opening' ? 1 : Math.max(1, this.server.agents.conversations - this.openedBefore);
  }

  private get times(): number {
    return this.chaos.persistence === 'once' ? 1 : Infinity;
  }

  private inject(): InjectedFault {
    return this.server.faults.injectNow({ ...this.chaos.rule, times: this.times });
  }

  private ask(): void {
    this.client.send({ type: 'text_message', text: QUESTION });
  }

  private async firstSoundOf(turn: number): Promise<void> {
    const { inbox } = this.client;
    await inbox.waitFor('the first sound', () => (inbox.speechOf(turn).length > 0 ? true : undefined));
  }

  private sendAudio(level: number, durationMs: number): void {
    this.client.sendAudioAtOnce(new Int16Array(durationMs * SAMPLES_PER_MS).fill(level));
  }
}
