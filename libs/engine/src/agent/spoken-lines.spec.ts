import { FakeTextToSpeech, type FakeTextToSpeechOptions } from '@parley/testing';
import { RecordingLogger } from '../testing/recording-logger';
import { settle } from '../testing/virtual-time';
import { SpokenLines } from './spoken-lines';

describe('SpokenLines', () => {
  let logger: RecordingLogger;
  beforeEach(() => (logger = RecordingLogger.install()));
  afterEach(() => logger.restore());

  function create(script?: FakeTextToSpeechOptions['script'], available = true) {
    const tts = new FakeTextToSpeech(script ? { script } : {});
    return { tts, lines: new SpokenLines({ textToSpeech: tts, available, logger }) };
  }

  it('synthesises a line once for each voice', async () => {
    const { tts, lines } = create();
    expect(lines.take('Hello.', 'v')).toBeUndefined();
    await lines.prepare('Hello.', 'v');
    const spoken = lines.take('Hello.', 'v');
    expect(spoken).toHaveLength('Hello.'.length * 60 * 24);
    expect(lines.take('Hello.', 'v')).toBe(spoken);
    await lines.prepare('Hello.', undefined);
    expect(tts.sessions.map(({ options }) => options.voiceId)).toEqual(['v', undefined]);
    expect(tts.speeches.map(({ sentences }) => sentences)).toEqual([['Hello.'], ['Hello.']]);
    expect([tts.openSessions, lines.counts.hits, lines.counts.misses]).toEqual([0, 2, 1]);
  });

  it('synthesises a line once for callers that ask at the same time', async () => {
    const { tts, lines } = create();
    await Promise.all([lines.prepare('Hello.', 'v'), lines.prepare('Hello.', 'v')]);
    expect(tts.speeches).toHaveLength(1);
  });

  it('returns nothing when the voice fails, and tries again on the next request', async () => {
    const { lines } = create((index) => (index === 0 ? { failure: { code: 'unavailable', afterChunks: 1 } } : {}));
    await lines.prepare('Hello.', 'v');
    expect(lines.take('Hello.', 'v')).toBeUndefined();
    await lines.prepare('Hello.', 'v');
    expect(lines.take('Hello.', 'v')).toBeDefined();
    expect(logger.faults).toHaveLength(1);
    expect(logger.text).not.toContain('Hello');
  });

  it('limits how many lines are synthesised at once', async () => {
    const { tts, lines } = create(() => 'manual');
    for (let i = 0; i < 20; i++) void lines.prepare('Hello.', `v${i}`);
    await settle();
    expect(tts.sessions).toHaveLength(4);
    lines.close();
    await settle();
    expect(tts.openSessions).toBe(0);
  });

  it('asks no vendor when there is no voice, or when the server shuts down', async () => {
    const silent = create(undefined, false);
    await silent.lines.prepare('Hello.', 'v');
    const closing = create();
    closing.lines.close();
    await closing.lines.prepare('Hello.', 'v');
    expect([silent.tts.sessions, closing.tts.sessions]).toEqual([[], []]);
  });
});
