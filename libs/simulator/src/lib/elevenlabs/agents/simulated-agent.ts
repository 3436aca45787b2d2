import type { AgentAudioFormat } from './agent-audio-format';
import type { AgentEventName } from './agent-frames';

/** The default agent; anyone may talk to it, with or without a key. */
export const DEFAULT_AGENT_ID = 'agent_parley_demo';

/** A setting of an agent that a client may be allowed to override when it starts a conversation. */
export type AgentOverride = 'prompt' | 'llm' | 'first_message' | 'language' | 'voice' | 'voice_settings' | 'keywords' | 'text_only';

/**
 * Something the agent can do. `get_current_time` is used when the time is asked for and `end_call` at a goodbye; any other when the user says
 * "use" and its name with spaces. `client`: the client does it; `system`: the vendor does it itself, which is for `end_call` only.
 */
export interface AgentTool {
  name: string;
  type: 'client' | 'system';
}

/** One agent as configured at the vendor. Times in milliseconds. */
export interface SimulatedAgent {
  id: string;
  /** True when the id alone opens a conversation; otherwise a signed URL or a token is needed. */
  public: boolean;
  prompt: string;
  /** The agent's first words; when empty, it waits for the user. `{{name}}` is a dynamic variable, here and in the prompt. */
  firstMessage: string;
  language: string;
  voiceId: string;
  overrides: readonly AgentOverride[];
  tools: readonly AgentTool[];
  /** How long the agent waits for a client tool's result. */
  toolTimeoutMs: number;
  /** The events sent to a client that names no `client_events`. */
  clientEvents: readonly AgentEventName[];
  /** True when the first message must be the initiation data; otherwise any message begins the conversation. */
  requiresInitiation: boolean;
  /** The audio format the client must send, and the one it receives. */
  inputFormat: AgentAudioFormat;
  outputFormat: AgentAudioFormat;
  /** Whether audio carries the times of its characters. */
  alignment: boolean;
  textOnly: boolean;
  /** Silence that ends the user's turn. */
  turnSilenceMs: number;
  maxDurationMs: number;
}

const DEFAULT_AGENT: SimulatedAgent = {
  id: DEFAULT_AGENT_ID,
  public: true,
  prompt: 'You are Parley, a helpful voice assistant. Answer in plain, short sentences.',
  firstMessage: 'Hello. What can I do for you?',
  language: 'en',
  voiceId: 'parley-clara',
  overrides: ['prompt', 'first_message', 'language', 'voice'],
  tools: [
    { name: 'get_current_time', type: 'client' },
    { name: 'end_call', type: 'system' },
  ],
  toolTimeoutMs: 20_000,
  clientEvents: [
    'audio',
    'interruption',
    'agent_response',
    'agent_response_correction',
    'user_transcript',
    'tentative_user_transcript',
    'client_tool_call',
    'agent_tool_response',
    'ping',
  ],
  requiresInitiation: false,
  inputFormat: 'pcm_16000',
  outputFormat: 'pcm_16000',
  alignment: true,
  textOnly: false,
  turnSilenceMs: 600,
  maxDurationMs: 600_000,
};

/** An agent's settings; what is left out is as in the default agent. */
export type SimulatedAgentOptions = Partial<SimulatedAgent> & Pick<SimulatedAgent, 'id'>;

/** The account's agents by id; the default one is among them. */
export function agentsById(options: readonly SimulatedAgentOptions[]): ReadonlyMap<string, SimulatedAgent> {
  const agents = [DEFAULT_AGENT, ...options.map((own) => ({ ...DEFAULT_AGENT, ...own }))];
  return new Map(agents.map((agent) => [agent.id, agent]));
}
