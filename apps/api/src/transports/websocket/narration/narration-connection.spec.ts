import {
  type Narration,
  type NarrationEvent,
  Narration as LiveNarration,
  type NarrationOutput,
  SYSTEM_CLOCK,
  SILENT_LOGGER,
} from '@parley/engine';
import { FAKE_MS_PER_CHARACTER, FakeNarrator, pass, settle, startVirtualTime } from '@parley/engine/testing';
import { CloseCode, MAX_CONTROL_MESSAGE_BYTES, type NarrationServerMessage } from '@parley/protocol';
import type { NarrationFactory } from '@parley/server';
import { RecordingLogger } from '@parley/server/testing';
import { FakeClientSocket } from '../../../testing/fake-client-socket';
import type { StartRefusal } from '../../limits/refusal';
import { type ConnectionLimits, UNSHARED } from '../limits/connection-limits';
import { NarrationConnection } from './narration-connection';

const SENTENCE = 'The quick brown fox jumps over the lazy dog and then it rests. ';

/** A connection on a fake socket, with a narrator that speaks at once. */
class NarrationClient {
  readonly socket = new FakeClientSocket();
  readonly narrator = new FakeNarrator();
  readonly closed: NarrationConnection[] = [];
  readonly connection: NarrationConnection;
  /** Thrown by the next narration that is opened. */
  failure: Error | undefined;

  constructor(limits?: ConnectionLimits) {
    const narrations: Pick<NarrationFactory, 'start'> = {
      start: (narrationId, request, sampleRateHz, output, emit) => {
        if (request.model === 'eleven_v3') return { code: 'unsupported_model', message: 'Take another.' };
        return {
          voiceId: request.voice_id ?? 'clara',
          model: 'model',
          chunkSchedule: request.chunk_schedule ?? [50, 75],
          provider: { name: 'fake', simulated: true },
          open: () => this.open(narrationId, sampleRateHz, output, emit),
        };
      },
    };
    const options = { narrations, now: () => performance.now(), wire: this.socket.wire, ...(limits && { limits }) };
    this.connection = new NarrationConnection(this.socket, options, (one) => this.closed.push(one));
  }

  static started(fields: object = {}): NarrationClient {
    const client = new NarrationClient();
    client.socket.says({ type: 'start_narration', ...fields });
    return client;
  }

  get messages(): NarrationServerMessage[] {
    return this.socket.messages as unknown as NarrationServerMessage[];
  }

  of<Type extends NarrationServerMessage['type']>(type: Type): Extract<NarrationServerMessage, { type: Type }>[] {
    return this.messages.filter((message): message is Extract<NarrationServerMessage, { type: Type }> => message.type === type);
  }

  private open(narrationId: string, sampleRateHz: number, output: NarrationOutput, emit: (event: NarrationEvent) => void): Narration {
    if (this.failure) throw this.failure;
    return new LiveNarration(
      { provider: this.narrator, output, emit, clock: SYSTEM_CLOCK, logger: SILENT_LOGGER },
      { narrationId, voice: { voiceId: 'clara' }, model: 'model', schedule: [50, 75], sampleRateHz, maxCharacters: 100_000 },
    );
  }
}

describe('the connection of a narration', () => {
  let logger: RecordingLogger;
  beforeEach(() => {
    logger = RecordingLogger.install();
    startVirtualTime();
  });
  afterEach(() => {
    jest.useRealTimers();
    logger.restore();
  });

  it('greets, and says what was agreed before anything is heard', async () => {
    const client = NarrationClient.started({ voice_id: 'ray', output_format: 'pcm_16000', chunk_schedule: [60] });
    client.socket.says({ type: 'text', text: SENTENCE });
    await settle();
    expect(client.socket.sent[0]).toMatchObject({ type: 'connection_established', protocol: 1 });
    expect(client.socket.sent[1]).toEqual({
      type: 'narration_started',
      narration_id: client.connection.id,
      output_audio: { encoding: 'pcm_s16le', sample_rate: 16_000 },
      voice_id: 'ray',
      model: 'model',
      chunk_schedule: [60],
      provider: { name: 'fake', simulated: true },
    });
    expect(client.narrator.calls[0].options.sampleRateHz).toBe(16_000);
    client.socket.disconnect();
  });

  it('sends the alignment before the speech, and the speech with the number of its segment', async () => {
    const client = NarrationClient.started();
    client.socket.says({ type: 'text', text: SENTENCE });
    client.socket.says({ type: 'set_voice', voice_id: 'ray' });
    client.socket.says({ type: 'text', text: 'And so on. ' });
    client.socket.says({ type: 'end_text' });
    await pass(20_000);
    const [firstAlignment] = client.of('alignment');
    expect(firstAlignment).toMatchObject({ segment: 1, start_ms: expect.arrayContaining([0, 50]) });
    expect(
      client
        .of('alignment')
        .flatMap(({ chars }) => chars)
        .join(''),
    ).toBe(`${SENTENCE}And so on. `);
    const { sent } = client.socket;
    expect(sent.findIndex((item) => !(item instanceof Uint8Array) && (item.type as string) === 'alignment')).toBeLessThan(
      sent.findIndex((item) => item instanceof Uint8Array),
    );
    expect(new Set(client.socket.frames.map((frame) => frame?.turn))).toEqual(new Set([1, 2]));
    expect(client.messages.at(-1)).toEqual({ type: 'narration_completed', narration_id: client.connection.id, reason: 'completed' });
    expect(client.of('narration_metrics').at(-1)).toMatchObject({
      chars: SENTENCE.length + 11,
      billed_chars: SENTENCE.length + 11,
      reconnects: 0,
    });
    expect(client.socket.closes).toEqual([CloseCode.normal]);
  });

  it.each([
    ['text before the start', [{ type: 'text', text: 'x' }], 'not_started'],
    ['a second start', [{ type: 'start_narration' }, { type: 'start_narration' }], 'already_started'],
    ['a format that is not offered', [{ type: 'start_narration', output_format: 'mp3_44100_128' }], 'unsupported_format'],
    ['a model that the factory refuses', [{ type: 'start_narration', model: 'eleven_v3' }], 'unsupported_model'],
    ['a message of another endpoint', [{ type: 'start_conversation' }], 'unknown_type'],
    ['a schedule out of range', [{ type: 'start_narration', chunk_schedule: [20] }], 'bad_message'],
    ['a control character', [{ type: 'start_narration' }, { type: 'text', text: 'a\u0000b' }], 'invalid_text'],
  ])('refuses %s, and goes on', (_, messages, code) => {
    const client = new NarrationClient();
    for (const message of messages) client.socket.says(message);
    expect(client.of('error')).toMatchObject([{ code, fatal: false }]);
    expect(client.socket.closes).toEqual([]);
    client.socket.says({ type: 'heartbeat' });
    expect(client.messages.at(-1)).toEqual({ type: 'heartbeat' });
    client.socket.disconnect();
  });

  it('can be started after a start that was refused', () => {
    const client = NarrationClient.started({ model: 'eleven_v3' });
    client.socket.says({ type: 'start_narration' });
    expect(client.of('narration_started')).toHaveLength(1);
    client.socket.disconnect();
  });

  it('refuses binary messages', () => {
    const client = NarrationClient.started();
    client.socket.sends(Buffer.alloc(640));
    expect(client.of('error')).toMatchObject([{ code: 'bad_message', fatal: false }]);
    client.socket.disconnect();
  });

  it('tells where in the text a mistake is', () => {
    const client = NarrationClient.started();
    client.socket.says({ type: 'text', text: 'One.\n' });
    client.socket.says({ type: 'text', text: 'Tw\u0007o.' });
    expect(client.of('error')).toMatchObject([{ code: 'invalid_text', line: 2, column: 3 }]);
    client.socket.disconnect();
  });

  it('sends nothing after the answer to a cancel', async () => {
    const client = NarrationClient.started();
    client.socket.says({ type: 'text', text: SENTENCE.repeat(10) });
    await settle();
    client.socket.says({ type: 'cancel' });
    const { length } = client.socket.sent;
    expect(client.messages.at(-1)).toMatchObject({ type: 'narration_completed', reason: 'cancelled' });
    expect(client.socket.closes).toEqual([CloseCode.normal]);
    await pass(20_000);
    expect(client.socket.sent).toHaveLength(length);
    expect(client.narrator.calls.every(({ isAborted }) => isAborted)).toBe(true);
  });

  it('releases everything when the client has gone', async () => {
    const client = NarrationClient.started();
    client.socket.says({ type: 'text', text: SENTENCE.repeat(10) });
    await settle();
    client.socket.disconnect();
    await settle();
    expect(client.narrator.calls.every(({ isAborted }) => isAborted)).toBe(true);
    expect(client.closed).toEqual([client.connection]);
    expect(client.socket.listenerCounts).toEqual({});
    expect(jest.getTimerCount()).toBe(0);
  });

  it('ends with the server', () => {
    const client = NarrationClient.started();
    client.connection.shutDown();
    expect(client.messages.at(-1)).toMatchObject({ type: 'narration_completed', reason: 'server_shutdown' });
    expect(client.socket.closes).toEqual([CloseCode.draining]);
  });

  it('is closed when nothing is started for a long time, but not once it has been started', () => {
    const idle = new NarrationClient();
    idle.connection.closeUnstarted();
    expect(idle.of('error')).toMatchObject([{ code: 'not_started', fatal: true }]);
    expect(idle.socket.closes).toEqual([CloseCode.normal]);
    const busy = NarrationClient.started();
    busy.connection.closeUnstarted();
    expect(busy.socket.closes).toEqual([]);
    busy.socket.disconnect();
  });

  it('ends when the writer sends nothing for ten minutes, and a heartbeat keeps it alive', async () => {
    const client = NarrationClient.started();
    jest.advanceTimersByTime(9 * 60_000);
    client.socket.says({ type: 'heartbeat' });
    jest.advanceTimersByTime(9 * 60_000);
    expect(client.socket.closes).toEqual([]);
    jest.advanceTimersByTime(2 * 60_000);
    await settle();
    expect(client.of('error')).toMatchObject([{ code: 'idle', fatal: true }]);
    expect(client.socket.closes).toEqual([CloseCode.normal]);
  });

  it('releases the vendor when a client has paused for half an hour, although it is there', async () => {
    const client = NarrationClient.started();
    client.socket.says({ type: 'text', text: SENTENCE.repeat(10) });
    await settle();
    client.socket.says({ type: 'pause' });
    for (let minute = 0; minute < 29; minute++) {
      jest.advanceTimersByTime(60_000);
      client.socket.says({ type: 'heartbeat' });
    }
    expect(client.socket.closes).toEqual([]);
    jest.advanceTimersByTime(61_000);
    await settle();
    expect(client.of('error')).toMatchObject([{ code: 'idle', fatal: true }]);
    expect(client.narrator.calls.every(({ isAborted }) => isAborted)).toBe(true);
    expect(client.socket.closes).toEqual([CloseCode.normal]);
  });

  it('refuses text and another voice after the end of the text, and speaks what came before', async () => {
    const client = NarrationClient.started();
    client.socket.says({ type: 'text', text: SENTENCE });
    client.socket.says({ type: 'end_text' });
    client.socket.says({ type: 'text', text: 'More.' });
    client.socket.says({ type: 'set_voice', voice_id: 'ray' });
    expect(client.of('error')).toMatchObject([
      { code: 'text_ended', fatal: false },
      { code: 'text_ended', fatal: false },
    ]);
    await pass(20_000);
    expect(client.narrator.textOf(1)).toBe(SENTENCE);
    expect(client.messages.at(-1)).toMatchObject({ type: 'narration_completed', reason: 'completed' });
  });

  describe('that has to wait for the decision whether it may start', () => {
    const waiting = (): { client: NarrationClient; decide: (refusal?: StartRefusal) => void } => {
      let resolve: (refusal?: StartRefusal) => void = () => undefined;
      const promise = new Promise<StartRefusal | undefined>((decide) => (resolve = decide));
      const client = new NarrationClient({ ...UNSHARED, mayStart: () => promise });
      client.socket.says({ type: 'start_narration' });
      client.socket.says({ type: 'text', text: SENTENCE });
      client.socket.says({ type: 'end_text' });
      return { client, decide: (refusal) => resolve(refusal) };
    };

    it('takes what came meanwhile, in order', async () => {
      const { client, decide } = waiting();
      await settle();
      expect(client.messages.map(({ type }) => type)).toEqual(['connection_established']);
      decide();
      await pass(60_000);
      expect(client.narrator.textOf(1)).toBe(SENTENCE);
      expect(client.messages.at(-1)).toMatchObject({ type: 'narration_completed', reason: 'completed' });
    });

    it('is refused, and asks no vendor', async () => {
      const { client, decide } = waiting();
      decide({ code: 'server_busy', message: 'Later.', retryAfterMs: 5_000 });
      await pass(1_000);
      expect(client.of('error')).toEqual([{ type: 'error', code: 'server_busy', message: 'Later.', fatal: true, retry_after_ms: 5_000 }]);
      expect([client.socket.closes, client.narrator.calls]).toEqual([[CloseCode.tryAgainLater], []]);
    });

    it('starts nothing for a client that has gone meanwhile', async () => {
      const { client, decide } = waiting();
      client.socket.disconnect();
      decide();
      await pass(1_000);
      expect([client.narrator.calls, client.closed.length]).toEqual([[], 1]);
    });
  });

  it('loses no text of a client that sends faster than it is read', async () => {
    const client = NarrationClient.started();
    const text = SENTENCE.repeat(100);
    let hasPaused = false;
    for (const character of text) {
      client.socket.says({ type: 'text', text: character });
      hasPaused ||= client.socket.isPaused;
    }
    expect(hasPaused).toBe(true);
    expect(client.of('error')).toEqual([]);
    await pass(10_000);
    expect(client.socket.isPaused).toBe(false);
    client.socket.says({ type: 'end_text' });
    await pass(400_000);
    expect(client.narrator.textOf(1)).toBe(text);
    expect(client.messages.at(-1)).toMatchObject({ type: 'narration_completed', reason: 'completed' });
  });

  it('closes on a message that is too long', () => {
    const client = NarrationClient.started();
    client.socket.says('x'.repeat(MAX_CONTROL_MESSAGE_BYTES + 1));
    expect(client.socket.closes).toEqual([CloseCode.tooBig]);
  });

  it('drops a client that does not read', async () => {
    const client = NarrationClient.started();
    client.socket.bufferedAmount = 9 * 1024 * 1024;
    client.socket.says({ type: 'text', text: SENTENCE });
    await settle();
    expect(client.socket.terminated).toBe(1);
    expect(client.closed).toEqual([client.connection]);
  });

  it('sends speech at a lower rate with "auto" while the line is slow, and says so before', async () => {
    const client = NarrationClient.started({ latency: 'auto' });
    const { socket } = client;
    // A line that takes 20 000 bytes per second.
    const taking = setInterval(() => (socket.bufferedAmount = Math.max(0, socket.bufferedAmount - 2_000)), 100);
    const send = socket.send.bind(socket);
    socket.send = (data) => {
      socket.bufferedAmount += data.length;
      send(data);
    };
    client.socket.says({ type: 'text', text: SENTENCE.repeat(10) });
    client.socket.says({ type: 'end_text' });
    await pass(60_000);
    clearInterval(taking);
    expect(client.of('audio_format')[0]).toEqual({ type: 'audio_format', segment: 1, sample_rate: 8_000 });
    let rateHz = 24_000;
    let ms = 0;
    for (const item of socket.sent as (NarrationServerMessage | Uint8Array)[]) {
      if (item instanceof Uint8Array) ms += ((item.length - 12) / 2 / rateHz) * 1000;
      else if (item.type === 'audio_format') rateHz = item.sample_rate;
    }
    expect(Math.round(ms / 10)).toBe((SENTENCE.length * 10 * FAKE_MS_PER_CHARACTER) / 10);
    expect(client.of('narration_completed')).toHaveLength(1);
  });

  it.each([{}, { latency: 'speed' }, { latency: 'auto', chunk_schedule: [50] }])(
    'keeps the rate for %j, however slow the line is',
    async (fields) => {
      const client = NarrationClient.started(fields);
      client.socket.bufferedAmount = 1_000_000;
      client.socket.says({ type: 'text', text: SENTENCE.repeat(10) });
      await pass(20_000);
      expect(client.of('audio_format')).toEqual([]);
      client.socket.disconnect();
    },
  );

  it('answers pings', () => {
    const client = NarrationClient.started();
    client.socket.pings(Buffer.from('hi'));
    expect(client.socket.pongs).toEqual([Buffer.from('hi')]);
    client.socket.disconnect();
  });

  it('ends a narration that cannot be begun, and logs why', () => {
    const client = new NarrationClient();
    client.failure = new Error('broken');
    client.socket.says({ type: 'start_narration' });
    expect(client.of('error')).toMatchObject([{ code: 'internal', fatal: true }]);
    expect(client.socket.closes).toEqual([CloseCode.internal]);
    expect(logger.text).toContain('a message of a narration could not be handled');
    client.socket.disconnect();
  });
});
