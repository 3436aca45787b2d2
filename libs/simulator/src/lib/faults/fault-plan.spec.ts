import { seededRandom } from '../random';
import { SeededFaultPlan } from './fault-plan';
import { parseFault } from './parse-fault';

describe('the fault plan', () => {
  const plan = (): SeededFaultPlan => new SeededFaultPlan(seededRandom(1));

  it('triggers each rule once unless told otherwise, in the order of injection', () => {
    const faults = plan();
    faults.inject({ vendor: 'sarvam', fault: { kind: 'stall' } });
    const twice = faults.inject({ vendor: 'sarvam', fault: { kind: 'drop' }, times: 2 });
    const drawn = Array.from({ length: 4 }, () => faults.draw('sarvam', 'realtime', ['work'])?.kind);
    expect(drawn).toEqual(['stall', 'drop', 'drop', undefined]);
    expect(twice.triggered).toBe(2);
  });

  it('applies a rule only to its vendor, endpoint and stage', () => {
    const faults = plan();
    faults.inject({ vendor: 'elevenlabs', endpoint: 'speech', fault: { kind: 'drop' } });
    faults.inject({ vendor: 'sarvam', fault: { kind: 'refuse', status: 503 } });
    faults.inject({ vendor: 'sarvam', at: 'connection', fault: { kind: 'stall' } });
    expect(faults.draw('openai', 'chat', ['connection', 'work'])).toBeUndefined();
    expect(faults.draw('elevenlabs', 'voices', ['connection', 'work'])).toBeUndefined();
    expect(faults.draw('sarvam', 'legacy', ['work'])).toBeUndefined();
    expect(faults.draw('sarvam', 'legacy', ['connection'])?.kind).toBe('refuse');
    expect(faults.draw('sarvam', 'legacy', ['connection'])?.kind).toBe('stall');
    expect(faults.draw('elevenlabs', 'speech', ['connection', 'work'])?.kind).toBe('drop');
  });

  it('draws by probability, the same for the same seed, and a miss does not use up the rule', () => {
    const draw = (): boolean[] => {
      const faults = plan();
      faults.inject({ vendor: 'openai', fault: { kind: 'no-done' }, probability: 0.5, times: 20 });
      return Array.from({ length: 60 }, () => faults.draw('openai', 'chat', ['work']) !== undefined);
    };
    const hits = draw();
    expect(draw()).toEqual(hits);
    expect(hits.filter(Boolean)).toHaveLength(20);
    expect(hits.slice(0, 20)).toContain(false);
  });

  it('refuses faults that cannot be sent over the wire', () => {
    expect(() => plan().inject({ vendor: 'sarvam', fault: { kind: 'close', code: 1006 } })).toThrow(RangeError);
    expect(() => plan().inject({ vendor: 'openai', fault: { kind: 'refuse', status: 200 } })).toThrow(RangeError);
  });

  it('removes rules', () => {
    const faults = plan();
    const rule = faults.inject({ vendor: 'sarvam', fault: { kind: 'stall' }, times: Infinity });
    faults.draw('sarvam', 'legacy', ['work']);
    rule.remove();
    faults.inject({ vendor: 'sarvam', fault: { kind: 'drop' } });
    faults.clear();
    expect(faults.draw('sarvam', 'legacy', ['work'])).toBeUndefined();
    expect(rule.triggered).toBe(1);
  });
});

describe('faults that only agents have', () => {
  it('wait for a conversation, whatever else happens at the vendor', () => {
    const faults = new SeededFaultPlan(seededRandom(1));
    faults.inject({ vendor: 'elevenlabs', fault: { kind: 'quota-kill' } });
    expect(faults.draw('elevenlabs', 'multi-stream-input', ['connection', 'work'])).toBeUndefined();
    expect(faults.draw('elevenlabs', 'agent-conversation', ['work'])).toEqual({ kind: 'quota-kill' });
  });

  it('do not affect text to speech that is in progress', () => {
    const faults = new SeededFaultPlan(seededRandom(1));
    const injected: string[] = [];
    for (const endpoint of ['multi-stream-input', 'agent-conversation'] as const)
      faults.opened('elevenlabs', endpoint, { injectFault: () => injected.push(endpoint) > 0 });
    expect(faults.injectNow({ vendor: 'elevenlabs', fault: { kind: 'late-audio' } }).triggered).toBe(1);
    expect(injected).toEqual(['agent-conversation']);
  });
});

it('are drawn for sockets only, and request faults for requests only', () => {
  const faults = new SeededFaultPlan(seededRandom(1));
  faults.inject({ vendor: 'elevenlabs', fault: { kind: 'close', code: 1011 } });
  faults.inject({ vendor: 'elevenlabs', fault: { kind: 'odd-chunks' } });
  expect(faults.draw('elevenlabs', 'multi-stream-input', ['work'])).toBeUndefined();
  expect(faults.draw('elevenlabs', 'speech-stream', ['connection', 'work'])).toEqual({ kind: 'odd-chunks' });
  expect(faults.draw('elevenlabs', 'multi-stream-input', ['connection'])).toEqual({ kind: 'close', code: 1011 });
});

describe('faults from a command line', () => {
  it.each([
    [
      'elevenlabs:agent-error=llm_timeout',
      { vendor: 'elevenlabs', fault: { kind: 'agent-error', errorType: 'llm_timeout' }, times: Infinity },
    ],
    ['elevenlabs:agent-error', { vendor: 'elevenlabs', fault: { kind: 'agent-error', errorType: 'unknown' }, times: Infinity }],
    [
      'elevenlabs/agent-conversation:quota-kill=3*1',
      { vendor: 'elevenlabs', endpoint: 'agent-conversation', fault: { kind: 'quota-kill', afterFrames: 3 }, times: 1 },
    ],
    ['elevenlabs:late-audio', { vendor: 'elevenlabs', fault: { kind: 'late-audio' }, times: Infinity }],
    ['sarvam:stall', { vendor: 'sarvam', fault: { kind: 'stall' }, times: Infinity }],
    ['sarvam/legacy:drop=3', { vendor: 'sarvam', endpoint: 'legacy', fault: { kind: 'drop', afterFrames: 3 }, times: Infinity }],
    ['openai/chat:refuse=429*2', { vendor: 'openai', endpoint: 'chat', fault: { kind: 'refuse', status: 429 }, times: 2 }],
    ['openai:duplicate-frames*1', { vendor: 'openai', fault: { kind: 'duplicate-frames' }, times: 1 }],
    ['elevenlabs:half-close=2', { vendor: 'elevenlabs', fault: { kind: 'half-close', afterFrames: 2 }, times: Infinity }],
    ['elevenlabs:unordered-alignment', { vendor: 'elevenlabs', fault: { kind: 'unordered-alignment' }, times: Infinity }],
    ['sarvam:stale-partial', { vendor: 'sarvam', fault: { kind: 'stale-partial' }, times: Infinity }],
    ['openai:finish=content_filter', { vendor: 'openai', fault: { kind: 'finish', reason: 'content_filter' }, times: Infinity }],
    [
      'elevenlabs:late-frames=250@0.1',
      { vendor: 'elevenlabs', fault: { kind: 'late-frames', delayMs: 250 }, times: Infinity, probability: 0.1 },
    ],
    [
      'elevenlabs/multi-stream-input:close=1009',
      { vendor: 'elevenlabs', endpoint: 'multi-stream-input', fault: { kind: 'close', code: 1009 }, times: Infinity },
    ],
  ])('reads %s', (text, rule) => {
    expect(parseFault(text)).toEqual(rule);
  });

  it.each([
    ['stall', 'form'],
    ['acme:stall', 'vendor'],
    ['sarvam/chat:stall', 'endpoint'],
    ['sarvam:no-done', 'fault'],
    ['sarvam:drop=soon', 'whole number'],
    ['sarvam:duplicate-final=2', 'no value'],
    ['openai:finish=bored', 'reason'],
    ['openai:drop@7', 'probability'],
    ['openai:refuse=200', 'status 200'],
    ['sarvam:close=1006', 'code 1006'],
    ['elevenlabs:agent-error=bad_mood', 'error type'],
    ['elevenlabs:late-audio=3', 'no value'],
    ['openai:quota-kill', 'fault'],
    ['elevenlabs/speech-stream:close', 'fault'],
    ['elevenlabs/multi-stream-input:late-audio', 'fault'],
  ])('refuses %s', (text, word) => {
    expect(() => parseFault(text)).toThrow(word);
  });
});
