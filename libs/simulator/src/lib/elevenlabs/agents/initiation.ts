import { isObject, type JsonObject } from '../../server/json';
import type { SocketFailure } from '../../server/socket-link';
import { embeddedVoiceFor } from '../voice-catalogue';
import { agentFailure } from './agent-errors';
import type { AgentEventName } from './agent-frames';
import { DynamicVariables } from './dynamic-variables';
import type { AgentOverride, SimulatedAgent } from './simulated-agent';

/** The settings that one conversation was begun with. */
export interface ConversationSettings {
  prompt: string;
  firstMessage: string;
  language: string;
  /** The embedded voice. */
  voice: string;
  textOnly: boolean;
  /** The events that the client subscribed to. Names of events that are never sent are harmless. */
  clientEvents: ReadonlySet<string>;
}

interface OverrideField {
  path: readonly string[];
  override: AgentOverride;
  fits(value: unknown): boolean;
}

const isString = (value: unknown): boolean => typeof value === 'string';
const isNumber = (value: unknown): boolean => typeof value === 'number';
const isStrings = (value: unknown): value is readonly string[] => Array.isArray(value) && value.every(isString);
const field = (path: string, override: AgentOverride, fits: (value: unknown) => boolean): OverrideField => ({
  path: path.split('.'),
  override,
  fits,
});

const OVERRIDE_FIELDS: readonly OverrideField[] = [
  field('agent.prompt.prompt', 'prompt', isString),
  field('agent.prompt.llm', 'llm', isString),
  field('agent.first_message', 'first_message', isString),
  field('agent.language', 'language', isString),
  field('asr.keywords', 'keywords', isStrings),
  field('tts.voice_id', 'voice', isString),
  field('tts.stability', 'voice_settings', isNumber),
  field('tts.similarity_boost', 'voice_settings', isNumber),
  field('tts.speed', 'voice_settings', (value) => typeof value === 'number' && value >= 0.7 && value <= 5),
  field('conversation.text_only', 'text_only', (value) => typeof value === 'boolean'),
];

/**
 * The settings of a conversation that is begun with `data`, or the failure that ends it. `builtIn` are the vendor's own dynamic variables.
 */
export function beginConversation(
  agent: SimulatedAgent,
  data: JsonObject,
  builtIn: Readonly<Record<string, string>>,
): ConversationSettings | SocketFailure {
  const override = data['conversation_config_override'] ?? {};
  if (!isObject(override)) return agentFailure('value_error', 'conversation_config_override must be an object.');
  const problem = overrideProblem(agent, override);
  if (problem) return problem;
  const voiceId = string(at(override, ['tts', 'voice_id']), agent.voiceId);
  const voice = embeddedVoiceFor(voiceId);
  if (voice === undefined) return agentFailure('value_error', `A voice with voice_id ${voiceId} does not exist.`);
  const clientEvents = at(override, ['conversation', 'client_events']);
  if (isGiven(clientEvents) && !isStrings(clientEvents)) return agentFailure('value_error', 'client_events must be a list of strings.');
  const variables = DynamicVariables.from(data['dynamic_variables'], builtIn);
  if (!variables) return agentFailure('value_error', 'dynamic_variables must be an object of strings, numbers and booleans.');
  const prompt = string(at(override, ['agent', 'prompt', 'prompt']), agent.prompt);
  const firstMessage = string(at(override, ['agent', 'first_message']), agent.firstMessage);
  for (const [name, template] of Object.entries({ 'first message': firstMessage, prompt })) {
    const missing = variables.missingIn(template);
    if (missing.length > 0) {
      return agentFailure('missing_dynamic_variable', `Missing required dynamic variables in ${name}: ${missing.join(', ')}`);
    }
  }
  const textOnly = at(override, ['conversation', 'text_only']) === true || agent.textOnly;
  return {
    prompt: variables.fill(prompt),
    firstMessage: variables.fill(firstMessage),
    language: string(at(override, ['agent', 'language']), agent.language),
    voice,
    textOnly,
    clientEvents: new Set<string>(isStrings(clientEvents) ? clientEvents : ownEvents(agent, textOnly)),
  };
}

/** The events sent by default. In a text-only conversation the agent's words are also streamed. */
function ownEvents({ clientEvents }: SimulatedAgent, textOnly: boolean): AgentEventName[] {
  return textOnly ? [...clientEvents, 'agent_chat_response_part'] : [...clientEvents];
}

function overrideProblem(agent: SimulatedAgent, override: JsonObject): SocketFailure | undefined {
  for (const { path, override: name, fits } of OVERRIDE_FIELDS) {
    const value = at(override, path);
    if (!isGiven(value)) continue;
    const dotted = path.join('.');
    if (!fits(value)) return agentFailure('value_error', `The field ${dotted} has the wrong type or is out of range.`);
    // A value equal to the agent's own is no override.
    const changes = name !== 'text_only' || value !== agent.textOnly;
    if (changes && !agent.overrides.includes(name)) {
      return agentFailure('override_error', `Override for field '${path.at(-1)}' is not allowed by config.`);
    }
  }
  return undefined;
}

function at(object: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (isObject(value) ? value[name] : undefined), object);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function string(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}
