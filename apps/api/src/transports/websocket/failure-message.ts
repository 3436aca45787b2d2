import type { FailureReason, Stage } from '@parley/conversation';
import type { EngineStage } from '@parley/engine';
import { AGENT_FAILURE } from './agent-failure-message';

const STAGE_NAME: Record<Stage, string> = { stt: 'Speech recognition', llm: 'The language model', tts: 'The voice' };
const KEY_NAME: Record<Stage, string> = { stt: 'SARVAM_API_KEY', llm: 'OPENAI_API_KEY', tts: 'ELEVENLABS_API_KEY' };

/** Plain words for the user: which stage, and what to do. Nothing of what the vendor said. */
export function failureMessage(stage: EngineStage, reason: FailureReason): string {
  if (stage === 'agent') return AGENT_FAILURE[reason];
  return `${STAGE_NAME[stage]} ${REASON[reason](stage)}`;
}

const REASON: Record<FailureReason, (stage: Stage) => string> = {
  auth: (stage) => `refused the server's key. Whoever runs this server should check ${KEY_NAME[stage]}.`,
  quota: () => 'has used up its credit.',
  rate_limited: () => 'is asked too often just now. Please try again in a moment.',
  invalid_request: () => 'did not accept the request: its settings on this server are not right.',
  model_not_found: () => 'does not have the configured model or voice.',
  unavailable: () => 'is not available just now.',
  timeout: () => 'did not answer in time.',
  connection_lost: () => 'lost its connection.',
  bad_response: () => 'gave no usable answer.',
};
