import type { LanguageModel } from '../ports/language-model';
import type { ProviderErrorCode } from '../ports/provider-error';
import type { ProviderLogger } from '../ports/provider-logger';
import type { SpeechToText } from '../ports/speech-to-text';
import type { TextToSpeech } from '../ports/text-to-speech';
import type { VoiceAgent, VoiceAgentOverride } from '../ports/voice-agent';
import type { ProviderVariables, VariableValues } from './provider-variable';

/** The port that a provider of each stage offers to the rest of the product. An agent covers all three stages. */
export interface ProviderPorts {
  stt: SpeechToText;
  llm: LanguageModel;
  tts: TextToSpeech;
  agent: VoiceAgent;
}

export type ProviderStage = keyof ProviderPorts;

/** The options with which every adapter is made. */
export interface MakeOptions<Variables extends ProviderVariables = ProviderVariables> {
  values: VariableValues<Variables>;
  /** True when `baseUrl` is the built-in simulator. */
  simulated: boolean;
  logger: ProviderLogger;
}

/** The additional options of the adapters of each stage. */
export interface StageOptions {
  stt: object;
  llm: {
    /** Limit of a reply in tokens if the request has none. */
    maxTokens: number;
    /** The name of a server that has its own name, e.g. `ollama`. */
    name?: string;
    /** Limit until the first token in milliseconds, for servers that may have to load a model first. */
    firstTokenTimeoutMs?: number;
  };
  tts: object;
  agent: {
    /** The settings that conversations may override. */
    overridable: Iterable<VoiceAgentOverride>;
    /** Number of sessions to prepare in advance, so that a conversation starts without waiting. */
    warmSessions: number;
  };
}

export type ProviderOptions<Stage extends ProviderStage, Variables extends ProviderVariables = ProviderVariables> = MakeOptions<Variables> &
  StageOptions[Stage];

/** Whether a provider can work on this machine. */
export type ProviderCondition = { available: true } | { available: false; reason: string; remedy: string };

/** An announcement of a vendor about the end of a model. */
export interface ModelEnding {
  model: string;
  /** The day (UTC) from which the model is no longer served, as `YYYY-MM-DD`. */
  endsOn: string;
  /** Whole days until then. Zero or negative once that day has come. */
  inDays: number;
}

/** How a provider is written in a list of fallbacks: `name`, `name:model`, `name@address` or `name:model@address`. */
export interface FallbackSyntax {
  /** A name of lower-case letters, digits and dashes. */
  readonly name: string;
  readonly takesModel: boolean;
  readonly takesAddress: boolean;
  /** Whether the name alone is a valid entry. It is not if it would mean the provider that the stage already uses. */
  readonly standsAlone: boolean;
}

/**
 * Everything that the product knows about a provider. Its settings and their validation, the entries of fallback lists, `npm run doctor`,
 * `.env.example` and `docs/configuration.md` are derived from it.
 */
export interface ProviderDescriptor<
  Stage extends ProviderStage = ProviderStage,
  Variables extends ProviderVariables = ProviderVariables,
> extends FallbackSyntax {
  readonly stage: Stage;
  /** The name for people and logs, e.g. `ElevenLabs`. */
  readonly label: string;
  /** Distinguishes the provider from another one with the same label, e.g. `over HTTP, without a socket`. */
  readonly variant?: string;
  /** The website on which an account can be created. */
  readonly website?: string;
  readonly variables: Variables;
  /** What happens instead if the provider is not configured, in a few words, e.g. `the simulator listens`. */
  readonly without: string;
  /**
   * Messages for users about its failures, for cases in which the general message of the stage does not say what to do. They never repeat
   * the words of the vendor.
   */
  readonly failures?: Readonly<Partial<Record<ProviderErrorCode, string>>>;
  /** Whether enough variables are set to use the provider. */
  isConfigured(values: VariableValues<Variables>): boolean;
  /** Makes the adapter. Called once for a server, and opens no connection. Throws if an address or a key can never work. */
  make(options: ProviderOptions<Stage, Variables>): ProviderPorts[Stage];
  /** Whether the provider can work on this machine. If it is left out, it always can. */
  health?(): ProviderCondition;
  /** The models that are requested from the vendor with these values, in order; empty if another server is used. */
  vendorModels?(values: VariableValues<Variables>): readonly string[];
  /** What the vendor has announced about the end of a model, or undefined if nothing is known. */
  modelEnding?(model: string, now: Date): ModelEnding | undefined;
}

/** A provider of any stage. */
export type Provider = { [Stage in ProviderStage]: ProviderDescriptor<Stage> }[ProviderStage];

/** Returns the descriptor unchanged, with the types of the values of its variables. */
export const defineProvider = <Stage extends ProviderStage, const Variables extends ProviderVariables>(
  descriptor: ProviderDescriptor<Stage, Variables>,
): ProviderDescriptor<Stage, Variables> => descriptor;
