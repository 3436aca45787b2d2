import { Logger } from '@nestjs/common';
import type { Stage } from '@parley/conversation';
import {
  type FailedTry,
  FailoverLanguageModel,
  type FailoverOptions,
  type FailoverProvider,
  FailoverSpeechToText,
  FailoverTextToSpeech,
  type LanguageModel,
  MeteredLanguageModel,
  MeteredSpeechToText,
  MeteredTextToSpeech,
  type ProviderHealth,
  type ProviderInfo,
  type SpeechToText,
  type TextToSpeech,
} from '@parley/providers';
import type { VendorMetrics } from '../telemetry/vendor-metrics';
import type { ProviderSwitches } from './provider-switches';
import type { StageProvider, StageProviders } from './stage-providers';

/** The state of the providers that all stages of one server share. */
export interface Failover {
  health: ProviderHealth;
  switches: ProviderSwitches;
  /** Is told of every request to a vendor that has failed. */
  vendors?: Pick<VendorMetrics, 'countFailure'>;
}

/** The fallbacks of the chosen providers, in the order in which they are asked. */
export interface Fallbacks {
  stt: readonly FailoverProvider<SpeechToText>[];
  llm: readonly FailoverProvider<LanguageModel>[];
  tts: readonly FailoverProvider<TextToSpeech>[];
}

/** How long before the engine gives up on a stalled reply the last provider must have answered. */
const MARGIN_MS = 3_000;

/** Combines each stage, with its retries and its fallback providers, into one port. */
export function withFallbacks(
  { stt, llm, tts }: StageProviders,
  fallbacks: Fallbacks,
  stallTimeoutMs: number,
  { health, switches, vendors }: Failover,
): StageProviders {
  const logger = new Logger('Providers');
  const optionsFor = (stage: Stage) => ({
    health,
    stageTimeoutMs: stallTimeoutMs - MARGIN_MS,
    onFailure: (failure: FailedTry) => vendors?.countFailure(stage, failure),
    onSwitch: (change: { from: string; to: string; code: string }) => {
      switches.add(stage, change);
      logger.warn({ message: 'another provider is asked', stage, ...change });
    },
  });
  return {
    stt: composed(
      stt,
      fallbacks.stt,
      optionsFor('stt'),
      (options) => new FailoverSpeechToText(metered(options, (port) => new MeteredSpeechToText(port))),
    ),
    llm: composed(
      llm,
      fallbacks.llm,
      optionsFor('llm'),
      (options) => new FailoverLanguageModel(metered(options, (port) => new MeteredLanguageModel(port))),
    ),
    tts: composed(
      tts,
      fallbacks.tts,
      optionsFor('tts'),
      (options) => new FailoverTextToSpeech(metered(options, (port) => new MeteredTextToSpeech(port))),
    ),
  };
}

function composed<Port extends { readonly info: ProviderInfo }>(
  own: StageProvider<Port>,
  fallbacks: readonly FailoverProvider<Port>[],
  options: Omit<FailoverOptions<Port>, 'providers'>,
  make: (options: FailoverOptions<Port>) => Port,
): StageProvider<Port> {
  const itself = { name: nameOf(own.port.info), port: own.port };
  const [first, ...rest] = own.available || fallbacks.length === 0 ? [itself, ...fallbacks] : fallbacks;
  if (first === undefined) return own;
  const port = make({ ...options, providers: [first, ...rest] });
  if (rest.length === 0 && first.port === own.port) return { ...own, port };
  const detail = [own.detail, rest.length > 0 && `If it fails: ${rest.map(spokenName).join(', then ')}.`].filter(Boolean).join(' ');
  return { ...own, port, available: true, fallbacks: rest.map((provider) => provider.port.info), ...(detail !== '' && { detail }) };
}

/** Counts what each of the providers is asked for, so that retries and fallbacks count. */
function metered<Port>({ providers, ...options }: FailoverOptions<Port>, meter: (port: Port) => Port): FailoverOptions<Port> {
  const [first, ...others] = providers;
  const around = ({ name, port }: FailoverProvider<Port>): FailoverProvider<Port> => ({ name, port: meter(port) });
  return { ...options, providers: [around(first), ...others.map(around)] };
}

const nameOf = ({ name, simulated }: ProviderInfo): string => (simulated ? 'simulated' : name);

const spokenName = ({ name, port }: FailoverProvider<{ readonly info: ProviderInfo }>): string =>
  port.info.simulated ? 'the built-in demo' : (name.split('@')[0] ?? name);
