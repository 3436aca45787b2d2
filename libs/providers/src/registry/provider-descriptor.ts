import type { LanguageModel } from '../ports/language-model';
import type { ProviderErrorCode } from '../ports/provider-error';
import type { ProviderLogger } from '../ports/provider-logger';
import type { SpeechToText } from '../ports/speech-to-text';
import type { TextToSpeech } from '../ports/text-to-speech';
import type { VoiceAgent, VoiceAgentOverride } from '../ports/voice-agent';
import type { ProviderVariables, VariableValues } from './provider-variable';

/** What a provider of each stage is for the rest of the product. An agent is all three stages in one. */
export interface ProviderPorts {
  stt: SpeechToText;
  llm: LanguageModel;
  tts: TextToSpeech;
  agent: VoiceAgent;
}

export type ProviderStage = keyof ProviderPorts;

/** What every adapter is made with. */
export interface MakeOptions<Variables extends ProviderVariables = ProviderVariables> {
  values: VariableValues<Variables>;
  /** True when `baseUrl` is the built-in simulator. */
  simulated: boolean;
  logger: ProviderLogger;
}

/** What the adapters of a stage are made with besides. */
export interface StageOptions {
  stt: object;
  llm: {
    /** Upper bound of a reply where a request names none, in tokens. */
    maxTokens: number;
    /** For a server that is known by a name of its own, e.g. `ollama`. */
    name?: string;
    /** Where a model may have to be loaded first. */
    firstTokenTimeoutMs?: number;
  };
  tts: object;
  agent: {
    /** What conversations may override. */
    overridable: Iterable<VoiceAgentOverride>;
    /** Conversations that are prepared ahead, so that a start does not wait. */
    warmSessions: number;
  };
}

export type ProviderOptions<Stage extends ProviderStage, Variables extends ProviderVariables = ProviderVariables> = MakeOptions<Variables> &
  StageOptions[Stage];

/** Whether a provider can do its work on this machine. */
export type ProviderCondition = { available: true } | { available: false; reason: string; remedy: string };

/** What a provider's vendor has announced about a model. */
export interface ModelEnding {
  model: string;
  /** From this day (UTC) on it is not served any more, `YYYY-MM-DD`. */
  endsOn: string;
  /** Whole days until then; not above zero when that day has come. */
  inDays: number;
}

/** How a provider is written in a list of fallbacks: `name`, `name:model`, `name@address` or `name:model@address`. */
export interface FallbackSyntax {
  /** Lower case and dashes. */
  readonly name: string;
  readonly takesModel: boolean;
  readonly takesAddress: boolean;
  /** Whether the bare name is an entry. Not where that would ask what the stage asks anyway. */
  readonly standsAlone: boolean;
}

/**
 * All that the product knows of a provider. Its settings and their checks, the entries of fallback lists, `npm run doctor`, `.env.example`
 * and `docs/configuration.md` are derived from it.
 */
export interface ProviderDescriptor<
  Stage extends ProviderStage = ProviderStage,
  Variables extends ProviderVariables = ProviderVariables,
> extends FallbackSyntax {
  readonly stage: Stage;
  /** For people and logs, e.g. `ElevenLabs`. */
  readonly label: string;
  /** What tells it from the other provider with that label, e.g. `over HTTP, without a socket`. */
  readonly variant?: string;
  /** Where an account is to be had. */
  readonly website?: string;
  readonly variables: Variables;
  /** What happens in its place while it is not configured, in a few words: `the simulator listens`. */
  readonly without: string;
  /** Sentences for users where it fails, where those for its stage do not say what is to be done. They tell nothing of what the vendor said. */
  readonly failures?: Readonly<Partial<Record<ProviderErrorCode, string>>>;
  /** Whether enough is known to ask it. */
  isConfigured(values: VariableValues<Variables>): boolean;
  /** The adapter. Called once for a server; opens nothing. Throws when an address or a key cannot be used at all. */
  make(options: ProviderOptions<Stage, Variables>): ProviderPorts[Stage];
  /** Whether it can do its work on this machine. Left out, always. */
  health?(): ProviderCondition;
  /** The models that are asked with these values, in order; none where somebody else than the vendor is asked. */
  vendorModels?(values: VariableValues<Variables>): readonly string[];
  /** What the vendor has announced about the end of a model; undefined where nothing is known. */
  modelEnding?(model: string, now: Date): ModelEnding | undefined;
}

/** A provider of any stage. */
export type Provider = { [Stage in ProviderStage]: ProviderDescriptor<Stage> }[ProviderStage];

/** The descriptor as it is written, with the types of its variables' values. */
export const defineProvider = <Stage extends ProviderStage, const Variables extends ProviderVariables>(
  descriptor: ProviderDescriptor<Stage, Variables>,
): ProviderDescriptor<Stage, Variables> => descriptor;
