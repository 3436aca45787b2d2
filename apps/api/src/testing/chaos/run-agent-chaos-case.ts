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
/** The time limit for each step, including all attempts to reconnect. */
const BOUND_MS = 15_000;

/** Faults after which the current speech of the user is lost without any message, so that the user must repeat it. */
const LOSES_SPEECH: ReadonlySet<Fault['kind']> = new Set(['stall', 'missing-final']);
/** How long to wait until the speech has been lost. */
const LOST_AFTER_MS = 300;

/**
 * Runs one case: a conversation with the agent in which the fault is injected. Either it continues, with at most one error for each lost
 * connection, and the next question is answered completely. Or it ends and is closed: after one fatal error, or without any when the agent ended
 * it. Everything is released.
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

  /** Holds the conversation up to the moment, and injects the fault. */
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

  /** Resolves when the conversation is connected again and the turn is over. */
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
      // There is no event to wait for when speech is lost.
      if (LOSES_SPEECH.has(fault.kind)) await sleep(LOST_AFTER_MS);
    }
    const isAnswered = moment === 'speaking' ? !LOSES_SPEECH.has(fault.kind) : moment === 'processing' || moment === 'answering';
    if (isAnswered) {
      await client.inbox.waitForState('USER_SPEAKING', 2, BOUND_MS);
      // Speech that was cut short is ended as well.
      expect(client.inbox.speechOf(1).at(-1)?.last ?? true).toBe(true);
    }
    if (moment !== 'interrupting') return;
    await client.inbox.waitForState('USER_SPEAKING', 3, BOUND_MS);
    this.expectWholeAnswer(2);
  }

  /** Asks a question, and expects the complete answer. */
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

  /** Expects that the conversation continues, with at most one error for each lost connection. */
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
    // The last error is fatal; connections that were lost before may have caused others.
    expect(this.fatalFlags.at(-1)).toBe(true);
    expect(this.fatalFlags.slice(0, -1)).toEqual(this.fatalFlags.slice(0, -1).map(() => false));
    expect(this.fatalFlags.length).toBeLessThanOrEqual(this.mostErrors + 1);
  }

  /** Whether each error was fatal. Expects that all errors are those of the agent. */
  private get fatalFlags(): boolean[] {
    const errors = this.client.inbox.messages('error');
    expect(errors.map(({ code }) => code)).toEqual(errors.map(() => 'agent_failed'));
    return errors.map(({ fatal }) => fatal);
  }

  /**
   * The most errors that may be reported: one for a connection that cannot be opened, however often that is tried, and one for each lost
   * connection.
   */
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
