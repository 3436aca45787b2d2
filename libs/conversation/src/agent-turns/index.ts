/** The turns of a conversation with a vendor's whole agent. */
export * from './agent-turn-effect';
export * from './agent-turn-event';
export { type AgentRunning, type AgentTurnPolicy, type AgentTurnState, agentIdle, agentPastOf, isAnswering } from './agent-turn-state';
export * from './reduce-agent-turns';
