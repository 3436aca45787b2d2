import type { JsonObject } from '../../server/json';
import { toneHz } from '../../speech';
import { startQuickSimulator, type QuickSimulator } from '../../testing/quick-simulator';
import { pitchHz } from '../../testing/test-audio';

const INPUTS = [
  { text: 'Hello there. How are you?', voice_id: 'parley-clara' },
  { text: 'Fine, thanks.', voice_id: 'parley-ray' },
  { text: 'Good.', voice_id: 'parley-clara' },
];
const TEXT = INPUTS.map(({ text }) => text).join('');
const V3 = { model_id: 'eleven_v3', inputs: INPUTS };

interface Timestamped {
  audio_base64: string;
  alignment: { characters: string[]; character_start_times_seconds: number[]; character_end_times_seconds: number[] } | null;
  voice_segments: {
    voice_id: string;
    start_time_seconds: number;
    end_time_seconds: number;
    character_start_index: number;
    character_end_index: number;
    dialogue_input_index: number;
  }[];
}

describe('ElevenLabs dialogue over HTTP', () => {
  let simulator: QuickSimulator;

  beforeEach(async () => {
    simulator = await startQuickSimulator();
  });

  afterEach(() => simulator.close());

  const post = (path = '', body: object = V3, query = 'output_format=pcm_16000'): Promise<Response> =>
    fetch(`${simulator.urls.elevenLabs}/v1/text-to-dialogue${path}?${query}`, {
      method: 'POST',
      headers: { 'xi-api-key': 'good', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('speaks each line with its voice, whole and streamed alike', async () => {
    const response = await post();
    expect(response.headers.get('character-cost')).toBe(String(TEXT.length));
    const audio = Buffer.from(await response.arrayBuffer());
    expect(pitchHz(audio.subarray(0, 16_000))).toBeCloseTo(toneHz('parley-clara'), -1);
    expect(pitchHz(audio.subarray(-30_000, -14_000))).toBeCloseTo(toneHz('parley-ray'), -1);
    expect(pitchHz(audio.subarray(-8000))).toBeCloseTo(toneHz('parley-clara'), -1);
    const streamed = await post('/stream');
    expect(streamed.headers.get('transfer-encoding')).toBe('chunked');
    expect(Buffer.from(await streamed.arrayBuffer()).equals(audio)).toBe(true);
    expect(simulator.counters.elevenLabs).toMatchObject({
      charactersBilled: 2 * TEXT.length,
      byEndpoint: { dialogue: 1, 'dialogue-stream': 1 },
    });
  });

  it('says which line is spoken when', async () => {
    const { audio_base64: audio, alignment, voice_segments: segments } = (await (await post('/with-timestamps')).json()) as Timestamped;
    const characters = alignment?.characters ?? [];
    expect(characters.join('')).toBe(TEXT);
    expect(segments.map(({ voice_id: id, dialogue_input_index: index }) => [id, index])).toEqual([
      ['parley-clara', 0],
      ['parley-ray', 1],
      ['parley-clara', 2],
    ]);
    const texts = segments.map(({ character_start_index: from, character_end_index: to }) => characters.slice(from, to).join(''));
    expect(texts).toEqual(INPUTS.map(({ text }) => text));
    expect(segments[0]?.start_time_seconds).toBe(0);
    expect(segments[1]?.start_time_seconds).toBe(segments[0]?.end_time_seconds);
    expect(segments[1]?.start_time_seconds).toBeCloseTo(alignment?.character_start_times_seconds[INPUTS[0]?.text.length ?? 0] ?? NaN, 2);
    expect(segments[2]?.end_time_seconds).toBeCloseTo(Buffer.from(audio, 'base64').length / 32_000, 2);
  });

  it('streams the lines as they are spoken, with times from the start and indices into each chunk', async () => {
    const chunks = (await (await post('/stream/with-timestamps')).text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Timestamped);
    const said = ['', '', ''];
    let endSeconds = 0;
    for (const { alignment, voice_segments: segments } of chunks) {
      expect(segments).toHaveLength(1);
      for (const segment of segments) {
        expect(segment.start_time_seconds).toBeCloseTo(endSeconds, 2);
        endSeconds = segment.end_time_seconds;
        const { character_start_index: from, character_end_index: to, dialogue_input_index: index } = segment;
        said[index] += alignment?.characters.slice(from, to).join('') ?? '';
      }
    }
    expect(said).toEqual(INPUTS.map(({ text }) => text));
  });

  it('takes the text around it, and the ids of complete requests', async () => {
    const first = await post('', { ...V3, previous_text: 'x'.repeat(100), future_text: 'x'.repeat(100), settings: { stability: 0.5 } });
    await first.arrayBuffer();
    expect(first.status).toBe(200);
    const next = await post('', { ...V3, previous_request_ids: [first.headers.get('request-id')] });
    expect(next.status).toBe(200);
  });

  const voices = (count: number): object[] => Array.from({ length: count }, (_, i) => ({ text: 'Hi.', voice_id: `voice-${i}` }));
  it.each<[name: string, body: object, query: string, status: string]>([
    ['a flash model', { ...V3, model_id: 'eleven_flash_v2_5' }, '', 'unsupported_model'],
    ['an unknown model', { ...V3, model_id: 'eleven_v9' }, '', 'model_not_found'],
    ['an unknown voice', { inputs: voices(1) }, '', 'voice_not_found'],
    ['eleven voices', { inputs: voices(11) }, '', 'too_many_voices'],
    ['two voices for the turbo model', { ...V3, model_id: 'eleven_v4_turbo' }, '', 'too_many_voices'],
    ['empty text', { inputs: [{ text: ' ', voice_id: 'parley-clara' }] }, '', 'input_text_empty'],
    [
      'too long a text',
      {
        inputs: [
          { text: 'x'.repeat(4000), voice_id: 'parley-clara' },
          { text: 'x'.repeat(1001), voice_id: 'parley-ray' },
        ],
      },
      '',
      'max_character_limit_exceeded',
    ],
    ['a stability that v3 does not have', { ...V3, settings: { stability: 0.4 } }, '', 'invalid_ttd_stability'],
    ['a stability out of range', { ...V3, model_id: 'eleven_v4', settings: { stability: 1.5 } }, '', 'invalid_ttd_stability'],
    ['an unknown request to stitch to', { ...V3, previous_request_ids: ['nope'] }, '', 'invalid_previous_request_ids'],
    ['MP3, for which there is no encoder here', V3, 'mp3_44100_128', 'unsupported_output_format'],
  ])('refuses %s', async (_name, body, format, status) => {
    const response = await post('', body, `output_format=${format || 'pcm_16000'}`);
    expect([response.status, await response.json()]).toEqual([400, { detail: { status, message: expect.any(String) } }]);
    expect(simulator.counters.elevenLabs.charactersBilled).toBe(0);
  });

  it('accepts a v4 dialogue of any stability', async () => {
    expect((await post('', { ...V3, model_id: 'eleven_v4', settings: { stability: 0.4 } })).status).toBe(200);
  });

  it.each([
    ['without lines', {}, 'inputs'],
    ['with an empty list of lines', { inputs: [] }, 'inputs'],
    ['with a line that names no voice', { inputs: [{ text: 'Hi.' }] }, 'inputs'],
    ['with too long a text before it', { ...V3, previous_text: 'x'.repeat(101) }, 'previous_text'],
    ['with too long a text behind it', { ...V3, future_text: 'x'.repeat(101) }, 'future_text'],
  ])('finds that a body %s does not fit the schema', async (_name, body, field) => {
    const response = await post('', body);
    expect(response.status).toBe(422);
    const { detail } = (await response.json()) as { detail: JsonObject[] };
    expect(detail[0]).toMatchObject({ loc: ['body', field] });
  });

  it('cuts a body off in the middle', async () => {
    simulator.faults.inject({ vendor: 'elevenlabs', endpoint: 'dialogue-stream', fault: { kind: 'drop', afterFrames: 2 } });
    await expect((await post('/stream')).arrayBuffer()).rejects.toThrow('terminated');
  });
});
