import { type LatencyProfile, MIDDLE_LATENCY } from './simulator';

/** Profiles by name: almost no delay, the middle and the slow end of the figures measured at the vendors. */
export const LATENCY_PROFILES: Record<'fast' | 'middle' | 'slow', LatencyProfile> = {
  fast: { sttFinalMs: 20, llmFirstTokenMs: 20, llmTokenGapMs: 2, ttsFirstChunkMs: 20, jitter: 0 },
  middle: MIDDLE_LATENCY,
  slow: { sttFinalMs: 300, llmFirstTokenMs: 250, llmTokenGapMs: 15, ttsFirstChunkMs: 400, jitter: 0 },
};
