export type {
  AbortRecord,
  AgentCounters,
  ElevenLabsCounters,
  OpenAiCounters,
  SarvamCounters,
  SimulatorCounters,
  SpeechRecords,
  VendorCounters,
} from './lib/counters';
export type { SpeechRecord } from './lib/speech-log';
export type { AgentAudioFormat } from './lib/elevenlabs/agents/agent-audio-format';
export { AGENT_ERROR_CODES, type AgentErrorType } from './lib/elevenlabs/agents/agent-errors';
export {
  DEFAULT_AGENT_ID,
  type AgentOverride,
  type AgentTool,
  type SimulatedAgent,
  type SimulatedAgentOptions,
} from './lib/elevenlabs/agents/simulated-agent';
export { FAULT_KINDS, FAULT_KINDS_AT } from './lib/faults/fault';
export type * from './lib/faults/fault';
export type { FaultPlan, InjectedFault } from './lib/faults/fault-plan';
export { parseFault } from './lib/faults/parse-fault';
export { LATENCY_PROFILES } from './lib/latency-profiles';
export type { StrictChat } from './lib/openai/strict-chat';
export type { ReplyMessage, ReplySource, ToolRequest } from './lib/openai/reply-source';
export { type Random, seededRandom } from './lib/random';
export * from './lib/simulator';
export * from './lib/skill-bot';
export * from './lib/speech';
export * from './lib/start-simulator';
