import { DEFAULT_TURN_POLICY } from '@parley/conversation';
import { type Audience, type ConversationOptions, SYSTEM_CLOCK } from '../ports';
import { RecordingLogger } from './recording-logger';
import { FakeVoiceAgent, type FakeVoiceAgentOptions } from '@parley/testing';
import { AgentConversation, type AgentConversationOptions } from '../agent/agent-conversation';
import { CurrentTime } from '../agent/tools/current-time';
import { EndConversation } from '../agent/tools/end-conversation';
import { ToolBox } from '../agent/tools/tool-box';
import { RecordingSink } from './recording-sink';
import { settle } from './virtual-time';

export interface TestAgentConversationOptions
  extends Partial<AgentConversationOptions>, Pick<FakeVoiceAgentOptions, 'overridable' | 'opening'> {
  start?: Partial<ConversationOptions>;
  /** The people who share the conversation, if there are several. */
  audience?: Audience;
  /** The duration of each line that is in the cache, in ms. */
  lineMs?: number;
}

/** All samples of a line from the cache have this value. */
export const LINE_SAMPLE = -7;

/** One conversation with a fake agent, and everything that was sent to its client. */
export class TestAgentConversation {
  readonly sink = new RecordingSink();
  readonly agent: FakeVoiceAgent;
  readonly conversation: AgentConversation;
  releases = 0;

  private constructor({ overridable, opening, start, lineMs, audience, ...options }: TestAgentConversationOptions) {
    const logger = RecordingLogger.current;
    this.agent = new FakeVoiceAgent({
      info: { name: 'agent', simulated: false },
      ...(overridable && { overridable }),
      ...(opening && { opening }),
    });
    this.sink.audience = audience;
    this.conversation = new AgentConversation(this.sink.connection(start), {
      agent: this.agent,
      tools: new ToolBox([new CurrentTime({ timeZone: 'UTC', now: () => new Date(0) }), new EndConversation()], logger),
      lines: { take: () => (lineMs === undefined ? undefined : new Int16Array(lineMs * 24).fill(LINE_SAMPLE)) },
      overrides: {},
      firstMessage: undefined,
      inactivityTimeoutMs: DEFAULT_TURN_POLICY.inactivityTimeoutMs,
      maxSessionMs: DEFAULT_TURN_POLICY.maxSessionMs,
      stallTimeoutMs: DEFAULT_TURN_POLICY.stallTimeoutMs,
      playerBufferMs: DEFAULT_TURN_POLICY.playerBufferMs,
      random: () => 0,
      onEnded: () => (this.releases += 1),
      logger,
      clock: SYSTEM_CLOCK,
      ...options,
    });
  }

  static async start(options: TestAgentConversationOptions = {}): Promise<TestAgentConversation> {
    const test = new TestAgentConversation(options);
    void test.conversation.start();
    await settle();
    return test;
  }

  /** The agent reports the final transcript of what the user has said. */
  userSays(text: string): void {
    this.agent.session.tell({ type: 'user_transcript', text, isFinal: true });
  }

  /** The agent answers with text and then audio. */
  agentSays(text: string, durationMs: number, sample = 1): void {
    this.agent.session.tell({ type: 'reply_text', text });
    this.agent.session.speak(durationMs, sample);
  }

  /** The distinct sample values of a turn's speech. */
  samplesOf(turn: number): number[] {
    return [...new Set(this.sink.speechOf(turn).flatMap(({ pcm }) => [...pcm]))];
  }
}
