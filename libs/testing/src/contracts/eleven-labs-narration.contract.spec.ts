import { ElevenLabsNarration } from '@parley/providers';
import { injectFailure, startQuickSimulator } from './simulator-harness';
import { describeNarrationContract } from './narration-contract';

const IMPATIENT_MS = 400;
const PATIENT_MS = 60_000;

describeNarrationContract('ElevenLabs', {
  makeHarness: async (failure) => {
    const { simulator } = await startQuickSimulator({ limits: { elevenLabsSpeed: 40 } });
    injectFailure(simulator, 'elevenlabs', failure);
    const timeoutMs = failure === 'stall' ? IMPATIENT_MS : PATIENT_MS;
    const { elevenLabs } = simulator.counters;
    return {
      narration: new ElevenLabsNarration({
        apiKey: failure === 'auth' ? 'bad' : 'good',
        baseUrl: simulator.urls.elevenLabs,
        simulated: true,
        firstAudioTimeoutMs: timeoutMs,
        gapTimeoutMs: timeoutMs,
        wait: () => Promise.resolve(),
      }),
      voiceId: '21m00Tcm4TlvDq8ikWAM',
      streamingModel: 'eleven_flash_v2_5',
      dialogueModel: 'eleven_v3',
      get openWork() {
        return elevenLabs.contextsOpened - elevenLabs.contextsClosed + elevenLabs.requestsOpen;
      },
      get openConnections() {
        return elevenLabs.socketsOpen;
      },
      close: () => simulator.close(),
    };
  },
});
