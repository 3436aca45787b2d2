import { LATENCY_PROFILES } from '@parley/simulator';
import { CommandLineError, parseCommandLine } from './command-line';

describe('the command line', () => {
  it('has a default for every option', () => {
    expect(parseCommandLine([])).toEqual({ port: 4010, latency: LATENCY_PROFILES.middle, seed: 1, faults: [], help: false });
  });

  it('reads the latency, the jitter, the seed and several faults', () => {
    const args =
      '--port 5000 --latency slow --jitter 0.4 --seed 7 --fault sarvam:stall --fault openai/chat:refuse=429*2 --fault elevenlabs/agent-conversation:agent-error=llm_timeout*1';
    expect(parseCommandLine(args.split(' '))).toEqual({
      port: 5000,
      latency: { ...LATENCY_PROFILES.slow, jitter: 0.4 },
      seed: 7,
      faults: [
        { vendor: 'sarvam', fault: { kind: 'stall' }, times: Infinity },
        { vendor: 'openai', endpoint: 'chat', fault: { kind: 'refuse', status: 429 }, times: 2 },
        {
          vendor: 'elevenlabs',
          endpoint: 'agent-conversation',
          fault: { kind: 'agent-error', errorType: 'llm_timeout' },
          times: 1,
        },
      ],
      help: false,
    });
  });

  it.each([
    ['--port', 'x'],
    ['--port', '0'],
    ['--jitter', '2'],
    ['--seed', '1.5'],
    ['--latency', 'instant'],
    ['--fault', 'sarvam:explode'],
    ['--colour', 'red'],
  ])('refuses %s %s and says why in plain words', (name, value) => {
    expect(() => parseCommandLine([name, value])).toThrow(CommandLineError);
  });
});
