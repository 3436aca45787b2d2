import { defectsIn, NarrationClient, poll, type Server } from '@parley/testing/client';
import { allReleased } from './support/metrics';
import { ServerWithOwnVendors } from './support/keyed-server';
import { useSharedServer } from './support/suite';

const AUDIBLE = 200;
const STORY = [
  'Once upon a time there was a lighthouse keeper who liked to read aloud to the gulls. ',
  'Every evening, when the lamp was lit, he took a book from the shelf and opened the window. ',
  'The gulls came down from the roof, one after the other, and sat along the railing. ',
  'They did not understand a word of it, but they liked the sound of his voice. ',
];

const rms = (pcm: Int16Array): number => Math.sqrt(pcm.reduce((squares, sample) => squares + sample ** 2, 0) / Math.max(pcm.length, 1));

/** Runs `use` with a connection of its own. */
async function narrating(server: Server, use: (client: NarrationClient) => Promise<void>): Promise<void> {
  const client = await NarrationClient.connect(server.url);
  try {
    await use(client);
  } catch (error) {
    const heard = `${client.frames.length} frames; ${client.messages.map((message) => JSON.stringify(message).slice(0, 200)).join('\n')}`;
    throw new Error(`it failed in this narration:\n${heard}`, { cause: error });
  } finally {
    client.close();
  }
}

describe('A live narration', () => {
  const server = useSharedServer();

  it.concurrent('is heard while its text is still being written, character by character in the alignment', () =>
    narrating(server, async (client) => {
      const started = await client.start({ latency: 'speed' });
      expect(started).toMatchObject({ output_audio: { encoding: 'pcm_s16le', sample_rate: 24_000 }, provider: { simulated: true } });
      for (const word of STORY[0].split(/(?<= )/)) client.send({ type: 'text', text: word });
      await client.hears();
      for (const sentence of STORY.slice(1)) client.send({ type: 'text', text: sentence });
      client.send({ type: 'end_text' });
      expect(await client.ends()).toMatchObject({ narration_id: started.narration_id, reason: 'completed' });

      expect(client.spokenText()).toBe(STORY.join(''));
      expect(rms(client.pcm())).toBeGreaterThan(AUDIBLE);
      expect(client.frames.map(({ seq }) => seq)).toEqual(client.frames.map((_, index) => index));
      expect(client.frames.filter(({ last }) => last)).toHaveLength(1);
      const metrics = client.of('narration_metrics').at(-1);
      expect(metrics).toMatchObject({ chars: STORY.join('').length, reconnects: 0, fallbacks: 0 });
      // The fast model bills half a character for each.
      expect(metrics?.billed_chars).toBeGreaterThanOrEqual(STORY.join('').length / 2);
      expect(metrics?.billed_chars).toBeLessThan(STORY.join('').length);
      expect(metrics?.audio_ms).toBe(Math.round(client.pcm().length / 24));
      expect(metrics?.ttfb_ms).toBeGreaterThan(0);
      expect(client.closeCode).toBe(1000);
    }),
  );

  it.concurrent('changes its voice between two pieces', () =>
    narrating(server, async (client) => {
      await client.start({ voice_id: 'parley-clara' });
      client.send({ type: 'text', text: STORY[0] });
      client.send({ type: 'set_voice', voice_id: 'parley-ray' });
      client.send({ type: 'text', text: STORY[1] });
      client.send({ type: 'end_text' });
      await client.ends();
      expect(client.spokenText(1)).toBe(STORY[0]);
      expect(client.spokenText(2)).toBe(STORY[1]);
      expect(client.pcm(1).length).toBeGreaterThan(24_000);
      expect(client.pcm(2).length).toBeGreaterThan(24_000);
      const segments = client.frames.map(({ segment }) => segment);
      expect(segments).toEqual([...segments].sort());
    }),
  );

  it.concurrent('sends no audio between pause and resume, and nothing after a cancel', () =>
    narrating(server, async (client) => {
      await client.start();
      for (const sentence of [...STORY, ...STORY, ...STORY, ...STORY]) client.send({ type: 'text', text: sentence });
      await client.hears();
      client.send({ type: 'pause' });
      await client.receives('narration_paused');
      const before = client.frames.length;
      client.send({ type: 'heartbeat' });
      await client.receives('heartbeat');
      expect(client.frames).toHaveLength(before);
      client.send({ type: 'resume' });
      await poll(
        'more speech',
        async () => client.frames.length,
        (count) => count > before,
        60_000,
      );
      client.send({ type: 'cancel' });
      expect(await client.ends()).toMatchObject({ reason: 'cancelled' });
      const [completedAt, length] = [client.messages.findIndex(({ type }) => type === 'narration_completed'), client.messages.length];
      expect(completedAt).toBe(length - 1);
      expect(client.closeCode).toBe(1000);
    }),
  );

  it.concurrent.each(['pcm_8000', 'pcm_16000', 'pcm_22050'])('speaks at the rate of %s', (format) =>
    narrating(server, async (client) => {
      const rate = Number(format.slice(4));
      expect((await client.start({ output_format: format })).output_audio.sample_rate).toBe(rate);
      client.send({ type: 'text', text: STORY[0] });
      client.send({ type: 'end_text' });
      await client.ends();
      const seconds = client.pcm().length / rate;
      expect(seconds / STORY[0].length).toBeGreaterThan(0.04);
      expect(seconds / STORY[0].length).toBeLessThan(0.12);
    }),
  );

  it.concurrent('with the latency auto speaks all of the text, while the listener reports what it has heard', () =>
    narrating(server, async (client) => {
      await client.start({ latency: 'auto' });
      for (const sentence of STORY) {
        client.send({ type: 'text', text: sentence });
        client.send({ type: 'playback', turn: 1, event: 'progress', played_ms: 0 });
      }
      client.send({ type: 'end_text' });
      await client.ends();
      expect(client.spokenText()).toBe(STORY.join(''));
    }),
  );

  it.concurrent('refuses what cannot be spoken with a clear message, and nothing is billed', () =>
    narrating(server, async (client) => {
      client.send({ type: 'start_narration', model: 'eleven_v3' });
      expect(await client.receives('error')).toMatchObject({
        code: 'unsupported_model',
        message: expect.stringContaining('eleven_flash_v2_5'),
      });
      client.send({ type: 'start_narration', chunk_schedule: [20] });
      expect(await client.receives('error', 2)).toMatchObject({ code: 'bad_message', message: expect.stringContaining('chunk_schedule') });
      client.send({ type: 'start_narration', output_format: 'mp3_44100_128' });
      expect(await client.receives('error', 3)).toMatchObject({ code: 'unsupported_format' });
      await client.start();
      client.send({ type: 'text', text: 'One\ntwo \u0000.' });
      expect(await client.receives('error', 4)).toMatchObject({ code: 'invalid_text', line: 2, column: 5, fatal: false });
      client.send({ type: 'end_text' });
      expect(await client.receives('error', 5)).toMatchObject({ code: 'empty_text', fatal: true });
      expect(await client.ends()).toMatchObject({ reason: 'error' });
      expect(client.of('narration_metrics').at(-1)).toMatchObject({ billed_chars: 0 });
      expect(client.frames).toEqual([]);
    }),
  );

  it.concurrent('refuses a voice that does not exist', () =>
    narrating(server, async (client) => {
      await client.start({ voice_id: 'nobody' });
      client.send({ type: 'text', text: STORY[0] });
      client.send({ type: 'end_text' });
      expect(await client.receives('error')).toMatchObject({ code: 'unknown_voice', fatal: true });
      expect(await client.ends()).toMatchObject({ reason: 'error' });
    }),
  );
});

describe('A live narration whose vendor fails', () => {
  let own: ServerWithOwnVendors;
  beforeAll(async () => (own = await ServerWithOwnVendors.start()));
  afterAll(async () => {
    await allReleased(own.server);
    expect(defectsIn(own.server.log())).toEqual([]);
    await own.stopWithSpare();
  });

  // These two come first, because afterwards the server keeps a spare socket open.
  it('goes over HTTP when the socket cannot be had', () =>
    own.exclusively(() =>
      narrating(own.server, async (client) => {
        own.vendors.faults.inject({
          vendor: 'elevenlabs',
          endpoint: 'stream-input',
          fault: { kind: 'refuse', status: 503 },
          times: Infinity,
        });
        await client.start({ latency: 'speed' });
        for (const sentence of STORY) client.send({ type: 'text', text: sentence });
        client.send({ type: 'end_text' });
        expect(await client.ends()).toMatchObject({ reason: 'completed' });
        expect(client.spokenText()).toBe(STORY.join(''));
        expect(client.of('narration_metrics').at(-1)?.fallbacks).toBeGreaterThan(0);
      }),
    ));

  it('says so when neither the socket nor HTTP can be had', () =>
    own.exclusively(() =>
      narrating(own.server, async (client) => {
        own.vendors.faults.inject({ vendor: 'elevenlabs', fault: { kind: 'refuse', status: 401 }, times: Infinity });
        await client.start();
        client.send({ type: 'text', text: STORY[0] });
        client.send({ type: 'end_text' });
        expect(await client.receives('error')).toMatchObject({ code: 'tts_failed', fatal: true });
        expect(await client.ends()).toMatchObject({ reason: 'error' });
        expect(client.closeCode).toBe(1011);
      }),
    ));

  it('goes on after the last word that was delivered when the socket is lost', () =>
    own.exclusively(() =>
      narrating(own.server, async (client) => {
        own.vendors.faults.inject({ vendor: 'elevenlabs', endpoint: 'stream-input', fault: { kind: 'drop', afterFrames: 2 }, times: 2 });
        await client.start({ latency: 'speed' });
        for (const sentence of STORY) client.send({ type: 'text', text: sentence });
        client.send({ type: 'end_text' });
        expect(await client.ends()).toMatchObject({ reason: 'completed' });
        expect(client.spokenText()).toBe(STORY.join(''));
        expect(client.of('narration_metrics').at(-1)).toMatchObject({ reconnects: 2 });
      }),
    ));
});
