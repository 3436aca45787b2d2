import type { ProviderErrorCode } from '../ports/provider-error';
import type { Provider, ProviderStage } from './provider-descriptor';
import { PROVIDERS, providersOf } from './providers';

/** The names of the stages in messages to users. */
export const STAGE_LABELS: Readonly<Record<ProviderStage, string>> = {
  stt: 'Speech recognition',
  llm: 'The language model',
  tts: 'The voice',
  agent: 'The agent',
};

const PREDICATES: Readonly<Record<ProviderErrorCode, string>> = {
  auth: "refused the server's key.",
  quota: 'has used up its credit.',
  rate_limited: 'is asked too often just now. Please try again in a moment.',
  invalid_request: 'did not accept the request: its settings on this server are not right.',
  model_not_found: 'does not have the configured model or voice.',
  unavailable: 'is not available just now.',
  timeout: 'did not answer in time.',
  connection_lost: 'lost its connection.',
  bad_response: 'gave no usable answer.',
};

/** Describes a failure in plain words for the user: which stage failed and what to do. The words of the vendor are not repeated. */
export function describeFailure(stage: ProviderStage, code: ProviderErrorCode, providers: readonly Provider[] = PROVIDERS): string {
  const ofStage = providersOf(stage, providers);
  const own = ofStage.map(({ failures }) => failures?.[code]).find((sentence) => sentence !== undefined);
  if (own !== undefined) return own;
  const sentence = `${STAGE_LABELS[stage]} ${PREDICATES[code]}`;
  const keys = new Set(ofStage.flatMap(({ variables: { apiKey } }) => apiKey?.name ?? []));
  if (code !== 'auth' || keys.size === 0) return sentence;
  return `${sentence} Whoever runs this server should check ${[...keys].join(' or ')}.`;
}
