import type { Simulator } from '@parley/simulator';
import { durationMsOf, fixture, levelOf, type ServerProcess } from '@parley/testing/client';
import { type Stage, takeTurn } from './support/failing-turn';
import { ANSWER, startKeyedServer, startVendors } from './support/keyed-server';
import { allReleased } from './support/metrics';
import { inConversation } from './support/suite';

const OUTPUT_RATE_HZ = 24_000;
const AUDIBLE = 200;
const HURRIED = { playbackSpeed: 20 };
const FALLBACKS = {
  STT_FALLBACK: 'sarvam-legacy,simulated',
  LLM_FALLBACK: 'simulated',
  TTS_FALLBACK: 'simulated',
  SIMULATOR_LATENCY: 'fast',
};

let vendors: Simulator;
/** A server with valid keys. */
let server: ServerProcess;
/** A server whose keys are refused. */
let locked: ServerProcess;

beforeAll(async () => {
  vendors = await startVendors();
  const bad = { SARVAM_API_KEY: 'bad', OPENAI_API_KEY: 'bad', ELEVENLABS_API_KEY: 'bad' };
  [server, locked] = await Promise.all([startKeyedServer(vendors, {}, FALLBACKS), startKeyedServer(vendors, bad, FALLBACKS)]);
}, 60_000);

afterEach(() => vendors.faults.clear());

afterAll(async () => {
  try {
    await Promise.all([server, locked].map((one) => allReleased(one)));
    await Promise.all([server, locked].map((one) => one.stop()));
  } finally {
    await vendors.close();
  }
});

describe('A provider with a fallback', () => {
  it('is reported as the provider that answers, together with its fallbacks', async () => {
    const config: unknown = await (await fetch(`${server.url}/api/config`)).json();
    const demo = expect.objectContaining({ simulated: true });
    expect(config).toMatchObject({
      stages: {
        stt: { name: 'sarvam', simulated: false, available: true, fallbacks: [{ name: 'sarvam', simulated: false }, demo] },
        llm: { name: 'openai', simulated: false, available: true, fallbacks: [demo] },
        tts: { name: 'elevenlabs', simulated: false, available: true, fallbacks: [demo], detail: 'If it fails: the built-in demo.' },
      },
    });
  });

  it('may refuse every key, and the user is still understood and answered aloud', () =>
    inConversation(
      locked,
      async (client) => {
        const { turn } = client;
        await client.microphone.say(fixture('clean-sum.wav').pcm);
        const answer = await client.answerOf(turn);
        expect(client.inbox.messages('error')).toEqual([]);
        expect(client.inbox.finalTranscript(turn)).toMatch(/seven plus five/i);
        expect(answer.text).toMatch(ANSWER);
        expect(durationMsOf(answer.speech, OUTPUT_RATE_HZ)).toBeGreaterThan(1_000);
        expect(levelOf(answer.speech)).toBeGreaterThan(AUDIBLE);
        expect(locked.log()).toContain('another provider is asked');
      },
      HURRIED,
    ));

  it.each<[Stage, string, () => unknown]>([
    [
      'llm',
      'breaks off in the middle of every reply',
      () => vendors.faults.inject({ vendor: 'openai', endpoint: 'chat', fault: { kind: 'drop', afterFrames: 4 }, times: Infinity }),
    ],
    [
      'tts',
      'breaks off in the middle of every word',
      () => vendors.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'drop', afterFrames: 2 }, times: Infinity }),
    ],
    ['tts', 'hangs', () => vendors.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'stall', afterFrames: 1 }, times: Infinity })],
  ])('may be a failing %s provider that %s, and the user still gets the whole answer once', (stage, _what, inject) =>
    inConversation(
      server,
      async (client) => {
        const whole = await takeTurn(client, stage);
        inject();
        const answer = await takeTurn(client, stage);
        expect(client.inbox.messages('error')).toEqual([]);
        expect(answer.text).toMatch(ANSWER);
        expect(answer.text).toBe(whole.text);
        expect(levelOf(answer.speech)).toBeGreaterThan(AUDIBLE);
        expect(durationMsOf(answer.speech, OUTPUT_RATE_HZ)).toBeGreaterThan(1_000);
      },
      HURRIED,
    ),
  );
});
