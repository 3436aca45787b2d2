import type { Stage, TimerName, TurnNotification, UntimedTurnEvent } from '@parley/conversation';
import type { OutgoingSpeech } from '../ports';
import { ProviderError } from '@parley/providers';
import { type AbortIgnoringStream, AbortIgnoringProviders } from '../testing/abort-ignoring-providers';
import { settle, startVirtualTime } from '../testing/virtual-time';
import { AudioOutbox } from '../output/audio-outbox';
import { EffectRunner } from './effect-runner';
import { TurnTimers } from '../turns/turn-timers';

const RATE_HZ = 1_000;
const lost = (): ProviderError => new ProviderError('fake', 'connection_lost', 'gone');

/** A runner whose vendors never stop by themselves, and a record of everything it did to its ports. */
function start(prepared: Partial<Record<Stage, Int16Array>> = {}) {
  const vendors = new AbortIgnoringProviders();
  const events: UntimedTurnEvent[] = [];
  const sent: OutgoingSpeech[] = [];
  const calls: unknown[] = [];
  const texts: AsyncIterable<string>[] = [];
  const { signal } = new AbortController();
  const stt = vendors.stt.open({}, signal);
  const tts = vendors.tts.open({ sampleRateHz: RATE_HZ }, signal);
  const timers = new TurnTimers<TimerName>((timer) => calls.push(['fired', timer]));
  const outbox = new AudioOutbox({
    sampleRateHz: RATE_HZ,
    maxLeadMs: 1_000,
    now: () => performance.now(),
    send: (speech) => sent.push(speech),
    onSent: (reply, durationMs) => events.push({ type: 'audio_sent', reply, durationMs }),
    onFinished: (reply) => events.push({ type: 'audio_finished', reply }),
  });
  const runner = new EffectRunner(
    {
      utterance: (stop) => stt.utterance(stop),
      generate: (request, stop) => vendors.llm.generate(request, stop),
      speak: (text, stop) => {
        texts.push(text);
        return tts.speak(text, stop);
      },
      preparedSpeech: (stage) => prepared[stage],
      judge: () => undefined,
      heardSince: (fromAudioMs) => Int16Array.of(fromAudioMs),
      expectEcho: (active) => calls.push(['echo', active]),
      notify: (notification: TurnNotification) => calls.push(['notify', notification]),
      ended: ({ reason }) => calls.push(['ended', reason, runner.openStreams, timers.count]),
      dispatch: (event) => events.push(event),
      unexpected: (error) => calls.push(['unexpected', error]),
    },
    outbox,
    timers,
    RATE_HZ,
  );
  return { runner, vendors, events, sent, calls, texts, timers };
}

/** Returns a function that tells how often the signal has fired its abort event. */
function countAborts({ signal }: Pick<AbortIgnoringStream<unknown>, 'signal'>): () => number {
  let aborts = 0;
  signal.addEventListener('abort', () => (aborts += 1));
  return () => aborts;
}

describe('EffectRunner', () => {
  beforeEach(() => startVirtualTime());
  afterEach(() => jest.useRealTimers());

  describe('an utterance', () => {
    it('starts with earlier audio, and takes what the microphone sends until it is finished', () => {
      const { runner, vendors } = start();
      runner.pushAudio(Int16Array.of(1));
      runner.perform({ type: 'open_utterance', utterance: 1, fromAudioMs: 600 });
      runner.pushAudio(Int16Array.of(2));
      runner.perform({ type: 'finish_utterance', utterance: 1 });
      runner.pushAudio(Int16Array.of(3));
      expect(vendors.transcripts[0].heard).toEqual([600, 2]);
      expect(vendors.transcripts[0].isEnded).toBe(true);
      expect(runner.openStreams).toBe(1);
    });

    it('reports its partial transcripts and its final transcript with its number', async () => {
      const { runner, vendors, events } = start();
      runner.perform({ type: 'open_utterance', utterance: 5, fromAudioMs: 0 });
      vendors.transcripts[0].items.push({ text: 'what', isFinal: false });
      vendors.transcripts[0].final('what now');
      await settle();
      expect(events).toEqual([
        { type: 'transcript_changed', utterance: 5, text: 'what' },
        { type: 'transcript_finished', utterance: 5, text: 'what now' },
      ]);
      expect(runner.openStreams).toBe(0);
    });

    it('leaves the microphone to the next utterance', () => {
      const { runner, vendors } = start();
      runner.perform({ type: 'open_utterance', utterance: 1, fromAudioMs: 0 });
      runner.perform({ type: 'finish_utterance', utterance: 1 });
      runner.perform({ type: 'open_utterance', utterance: 2, fromAudioMs: 10 });
      runner.pushAudio(Int16Array.of(7));
      // The late end of the first utterance must not affect the second.
      runner.perform({ type: 'discard_utterance', utterance: 1 });
      runner.pushAudio(Int16Array.of(8));
      expect(vendors.transcripts.map(({ heard }) => heard)).toEqual([[0], [10, 7, 8]]);
      expect(vendors.transcripts.map(({ signal }) => signal.aborted)).toEqual([true, false]);
    });

    it.each([
      ['an error of the vendor', lost(), 'connection_lost', 0],
      ['any other error', new TypeError('oops'), 'unavailable', 1],
    ])('fails with %s', async (_name, error, reason, unexpected) => {
      const { runner, vendors, events, calls } = start();
      runner.perform({ type: 'open_utterance', utterance: 1, fromAudioMs: 0 });
      vendors.transcripts[0].items.fail(error);
      await settle();
      expect(events).toEqual([{ type: 'transcription_failed', utterance: 1, reason }]);
      expect(calls.filter((call) => Array.isArray(call) && call[0] === 'unexpected')).toHaveLength(unexpected);
      expect(runner.openStreams).toBe(0);
      runner.pushAudio(Int16Array.of(1));
      expect(vendors.transcripts[0].heard).toEqual([0]);
    });

    it('fails when it ends without a final transcript', async () => {
      const { runner, vendors, events } = start();
      runner.perform({ type: 'open_utterance', utterance: 1, fromAudioMs: 0 });
      vendors.transcripts[0].items.push({ text: 'wha', isFinal: false });
      vendors.transcripts[0].items.end();
      await settle();
      expect(events.at(-1)).toEqual({ type: 'transcription_failed', utterance: 1, reason: 'bad_response' });
    });

    it.each([
      ['a final transcript', (stream: AbortIgnoringProviders['transcripts'][number]) => stream.final('late')],
      [
        'a partial transcript',
        (stream: AbortIgnoringProviders['transcripts'][number]) => void stream.items.push({ text: 'late', isFinal: false }),
      ],
      ['a failure', (stream: AbortIgnoringProviders['transcripts'][number]) => stream.items.fail(new TypeError('late'))],
      ['an end', (stream: AbortIgnoringProviders['transcripts'][number]) => stream.items.end()],
    ])('that was discarded ignores %s', async (_name, late) => {
      const { runner, vendors, events, calls } = start();
      runner.perform({ type: 'open_utterance', utterance: 1, fromAudioMs: 0 });
      const aborts = countAborts(vendors.transcripts[0]);
      runner.perform({ type: 'discard_utterance', utterance: 1 });
      runner.perform({ type: 'discard_utterance', utterance: 1 });
      late(vendors.transcripts[0]);
      await settle();
      expect(aborts()).toBe(1);
      expect(events).toEqual([]);
      expect(calls).toEqual([]);
      expect(runner.openStreams).toBe(0);
    });
  });

  describe('a reply', () => {
    it('is written by the model, spoken in one voice stream, and its audio is reported in milliseconds', async () => {
      const { runner, vendors, events, texts } = start();
      runner.perform({ type: 'start_reply', reply: 3, messages: [{ role: 'user', content: 'Hi!' }], speculative: false });
      await settle();
      vendors.replies[0].items.push({ type: 'text', text: 'Hello. ' });
      await settle();
      runner.perform({ type: 'speak', reply: 3, text: 'Hello.' });
      runner.perform({ type: 'speak', reply: 3, text: 'You.' });
      runner.perform({ type: 'finish_speech', reply: 3 });
      vendors.replies[0].items.push({ type: 'end', finishReason: 'stop' });
      vendors.replies[0].items.end();
      await settle();
      expect(runner.openStreams).toBe(1);
      const pcm = new Int16Array(250);
      const alignment = { chars: ['H', 'i'], startMs: [0, 100], durationMs: [100, 150] };
      vendors.speeches[0].items.push({ pcm, alignment });
      vendors.speeches[0].items.end();
      await settle();

      expect(vendors.speeches).toHaveLength(1);
      const sentences: string[] = [];
      for await (const sentence of texts[0]) sentences.push(sentence);
      expect(sentences).toEqual(['Hello.', 'You.']);
      expect(events).toEqual([
        { type: 'reply_text_produced', reply: 3, text: 'Hello. ' },
        { type: 'reply_text_ended', reply: 3 },
        { type: 'reply_audio_produced', reply: 3, audio: pcm, durationMs: 250, alignment },
        { type: 'reply_audio_ended', reply: 3 },
      ]);
      expect(runner.openStreams).toBe(0);
    });

    it('that ends early counts as a lost connection', async () => {
      const { runner, vendors, events } = start();
      runner.perform({ type: 'start_reply', reply: 1, messages: [], speculative: false });
      await settle();
      vendors.replies[0].items.push({ type: 'text', text: 'Hel' });
      vendors.replies[0].items.end();
      await settle();
      expect(events.at(-1)).toEqual({ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'connection_lost' });
    });

    it('passes over a tool call that nobody asked for, and keeps its text', async () => {
      const { runner, vendors, events } = start();
      runner.perform({ type: 'start_reply', reply: 1, messages: [], speculative: false });
      await settle();
      const { items } = vendors.replies[0];
      items.push({ type: 'text', text: 'Hello.' });
      items.push({ type: 'tool_call', id: 'c1', name: 'get_time', arguments: '{}' });
      items.push({ type: 'end', finishReason: 'tool_calls' });
      items.end();
      await settle();
      expect(events).toEqual([
        { type: 'reply_text_produced', reply: 1, text: 'Hello.' },
        { type: 'reply_text_ended', reply: 1 },
      ]);
    });

    it('that consists only of a tool call that nobody asked for is a bad response', async () => {
      const { runner, vendors, events } = start();
      runner.perform({ type: 'start_reply', reply: 1, messages: [], speculative: false });
      await settle();
      vendors.replies[0].items.push({ type: 'tool_call', id: 'c1', name: 'get_time', arguments: '{}' });
      vendors.replies[0].items.push({ type: 'end', finishReason: 'tool_calls' });
      vendors.replies[0].items.end();
      await settle();
      expect(events).toEqual([{ type: 'reply_failed', reply: 1, stage: 'llm', reason: 'bad_response' }]);
      expect(runner.openStreams).toBe(0);
    });

    it('reports which stage has failed', async () => {
      const { runner, vendors, events } = start();
      runner.perform({ type: 'start_reply', reply: 1, messages: [], speculative: false });
      runner.perform({ type: 'speak', reply: 1, text: 'Hello.' });
      await settle();
      vendors.replies[0].items.fail(lost());
      vendors.speeches[0].items.fail(new ProviderError('fake', 'quota', 'no credit'));
      await settle();
      expect(events).toEqual([
        { type: 'reply_failed', reply: 1, stage: 'llm', reason: 'connection_lost' },
        { type: 'reply_failed', reply: 1, stage: 'tts', reason: 'quota' },
      ]);
    });

    it('that was cancelled is aborted once, including its unsent audio, and produces nothing more', async () => {
      const { runner, vendors, events, sent, calls } = start();
      runner.perform({ type: 'start_reply', reply: 1, messages: [], speculative: false });
      runner.perform({ type: 'speak', reply: 1, text: 'Hello.' });
      await settle();
      runner.perform({ type: 'send_audio', reply: 1, turn: 1, audio: new Int16Array(5_000), durationMs: 5_000 });
      const [reply] = vendors.replies;
      const [speech] = vendors.speeches;
      const aborts = [countAborts(reply), countAborts(speech)];
      const before = events.length;
      runner.perform({ type: 'cancel_reply', reply: 1 });
      runner.perform({ type: 'cancel_reply', reply: 1 });
      expect(aborts.map((count) => count())).toEqual([1, 1]);
      expect(runner.openStreams).toBe(0);
      expect(jest.getTimerCount()).toBe(0);

      reply.items.push({ type: 'text', text: 'late' });
      reply.items.push({ type: 'end', finishReason: 'stop' });
      speech.items.push({ pcm: new Int16Array(10) });
      speech.items.fail(new TypeError('late'));
      runner.perform({ type: 'speak', reply: 1, text: 'late' });
      runner.perform({ type: 'finish_speech', reply: 1 });
      await settle();
      jest.advanceTimersByTime(10_000);
      expect(events).toHaveLength(before);
      expect(sent.reduce((ms, { pcm }) => ms + pcm.length, 0)).toBe(1_500);
      expect(vendors.speeches).toHaveLength(1);
      expect(calls).toEqual([]);
    });

    it('does not affect other replies when it is cancelled', async () => {
      const { runner, vendors } = start();
      runner.perform({ type: 'start_reply', reply: 1, messages: [], speculative: false });
      runner.perform({ type: 'start_reply', reply: 2, messages: [], speculative: false });
      await settle();
      runner.perform({ type: 'cancel_reply', reply: 1 });
      expect(vendors.replies.map(({ signal }) => signal.aborted)).toEqual([true, false]);
      expect(runner.openStreams).toBe(1);
    });
  });

  describe('a prepared sentence', () => {
    it('is played without a vendor when its audio is ready', async () => {
      const audio = new Int16Array(300);
      const { runner, vendors, events } = start({ tts: audio });
      runner.perform({ type: 'speak_fallback', reply: 2, stage: 'tts', text: 'Sorry.' });
      await settle();
      expect(vendors.speeches).toEqual([]);
      expect(events).toEqual([
        { type: 'reply_audio_produced', reply: 2, audio, durationMs: 300 },
        { type: 'reply_audio_ended', reply: 2 },
      ]);
      expect(runner.openStreams).toBe(0);
    });

    it.each(['stt', 'llm'] as const)('for %s is requested from the voice when its audio is not ready', async (stage) => {
      const { runner, vendors, texts, events } = start();
      runner.perform({ type: 'speak_fallback', reply: 2, stage, text: 'Sorry.' });
      await settle();
      expect(runner.openStreams).toBe(1);
      const sentences: string[] = [];
      for await (const sentence of texts[0]) sentences.push(sentence);
      expect(sentences).toEqual(['Sorry.']);
      vendors.speeches[0].items.end();
      await settle();
      expect(events).toEqual([{ type: 'reply_audio_ended', reply: 2 }]);
      expect(runner.openStreams).toBe(0);
    });

    it('for the voice itself fails when its audio is not ready', () => {
      const { runner, events } = start();
      runner.perform({ type: 'speak_fallback', reply: 2, stage: 'tts', text: 'Sorry.' });
      expect(events).toEqual([{ type: 'reply_failed', reply: 2, stage: 'tts', reason: 'unavailable' }]);
    });
  });

  it('keeps audio back while the assistant is paused', () => {
    const { runner, sent } = start();
    runner.perform({ type: 'hold_audio', active: true });
    runner.perform({ type: 'send_audio', reply: 1, turn: 4, audio: new Int16Array(20), durationMs: 20 });
    expect(sent).toEqual([]);
    runner.perform({ type: 'hold_audio', active: false });
    expect(sent).toEqual([expect.objectContaining({ turn: 4, seq: 0 })]);
  });

  it('passes the remaining effects on to its ports', () => {
    const { runner, calls, events, sent, timers } = start();
    runner.perform({ type: 'expect_echo', active: true });
    runner.perform({ type: 'notify', notification: { type: 'ended', reason: 'client' } });
    runner.perform({ type: 'set_timer', timer: 'stalled', delayMs: 10 });
    runner.perform({ type: 'set_timer', timer: 'inactivity', delayMs: 20 });
    runner.perform({ type: 'clear_timer', timer: 'inactivity' });
    runner.perform({ type: 'send_audio', reply: 1, turn: 4, audio: new Int16Array(5), durationMs: 5 });
    runner.perform({ type: 'finish_audio', reply: 1, turn: 4 });
    jest.advanceTimersByTime(100);
    expect(calls).toEqual([
      ['echo', true],
      ['notify', { type: 'ended', reason: 'client' }],
      ['fired', 'stalled'],
    ]);
    expect(timers.count).toBe(0);
    expect(sent).toMatchObject([
      { turn: 4, seq: 0, last: false },
      { turn: 4, seq: 1, last: true },
    ]);
    expect(events).toEqual([
      { type: 'audio_sent', reply: 1, durationMs: 5 },
      { type: 'audio_finished', reply: 1 },
    ]);
  });

  it('has released everything when it reports the end of the session', async () => {
    const { runner, vendors, calls, events } = start();
    runner.perform({ type: 'open_utterance', utterance: 1, fromAudioMs: 0 });
    runner.perform({ type: 'start_reply', reply: 1, messages: [], speculative: false });
    runner.perform({ type: 'speak', reply: 1, text: 'Hello.' });
    runner.perform({ type: 'set_timer', timer: 'stalled', delayMs: 10 });
    runner.perform({ type: 'send_audio', reply: 1, turn: 1, audio: new Int16Array(5_000), durationMs: 5_000 });
    await settle();
    const before = events.length;
    const signals = [...vendors.transcripts, ...vendors.replies, ...vendors.speeches].map(({ signal }) => signal);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, false, false]);

    runner.perform({ type: 'end_session', reason: 'client' });
    expect(calls).toEqual([['ended', 'client', 0, 0]]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true, true]);
    expect(jest.getTimerCount()).toBe(0);
    runner.release();
    vendors.replies[0].items.fail(new TypeError('late'));
    runner.pushAudio(Int16Array.of(1));
    await settle();
    expect(vendors.transcripts[0].heard).toEqual([0]);
    expect(events).toHaveLength(before);
    expect(calls).toHaveLength(1);
  });
});
