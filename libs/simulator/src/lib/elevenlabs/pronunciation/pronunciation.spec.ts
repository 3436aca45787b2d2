import type { JsonObject } from '../../server/json';
import { ToneSynthesiser } from '../../speech';
import { startQuickSimulator, type QuickSimulator } from '../../testing/quick-simulator';
import { RawSocket } from '../../testing/raw-socket';

const RULES = [
  { type: 'alias', string_to_replace: 'Thailand', alias: 'tie-land' },
  { type: 'alias', string_to_replace: 'ai', alias: 'A I', case_sensitive: false },
  { type: 'phoneme', string_to_replace: 'tomato', phoneme: 'təˈmeɪtoʊ', alphabet: 'ipa' },
];
const TEXT = 'Thailand has AI and a tomato. ';

/** Keeps what it is told to speak. */
class RememberingSynthesiser extends ToneSynthesiser {
  readonly spoken: string[] = [];

  override speak(text: string, voice: string, signal: AbortSignal) {
    this.spoken.push(text);
    return super.speak(text, voice, signal);
  }
}

describe('ElevenLabs pronunciation dictionaries', () => {
  let simulator: QuickSimulator;
  let synthesiser: RememberingSynthesiser;
  const sockets: RawSocket[] = [];

  beforeEach(async () => {
    synthesiser = new RememberingSynthesiser();
    simulator = await startQuickSimulator({ synthesiser });
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.ws.terminate();
    await simulator.close();
  });

  const request = async (path: string, body?: object, key = 'good'): Promise<{ status: number; body: JsonObject }> => {
    const response = await fetch(`${simulator.urls.elevenLabs}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: { 'xi-api-key': key, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as JsonObject) : {} };
  };
  const add = (rules: object[] = RULES): Promise<{ status: number; body: JsonObject }> =>
    request('/v1/pronunciation-dictionaries/add-from-rules', { name: 'mine', rules });
  const speak = (locators: object[], model = 'eleven_flash_v2_5'): Promise<{ status: number; body: JsonObject }> =>
    request('/v1/text-to-speech/parley-clara/with-timestamps?output_format=pcm_16000', {
      text: TEXT,
      model_id: model,
      pronunciation_dictionary_locators: locators,
    });

  async function locator(): Promise<object> {
    const { body } = await add();
    return { pronunciation_dictionary_id: body['id'], version_id: body['version_id'] };
  }

  async function connect(path: string): Promise<RawSocket> {
    const socket = await RawSocket.connect(`${simulator.urls.elevenLabs}/v1/${path}output_format=pcm_16000`, { 'xi-api-key': 'good' });
    sockets.push(socket);
    return socket;
  }

  it('are made from rules, listed and read', async () => {
    const { status, body } = await add();
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: expect.any(String), version_id: expect.any(String), name: 'mine', version_rules_num: 3 });
    const listed = await request('/v1/pronunciation-dictionaries');
    expect(listed.body).toMatchObject({ pronunciation_dictionaries: [{ id: body['id'] }], has_more: false });
    const one = await request(`/v1/pronunciation-dictionaries/${String(body['id'])}`);
    expect(one.body).toMatchObject({ latest_version_id: body['version_id'], latest_version_rules_num: 3 });
    expect(one.body['rules']).toEqual([
      { type: 'alias', string_to_replace: 'Thailand', alias: 'tie-land', case_sensitive: true, word_boundaries: true },
      { type: 'alias', string_to_replace: 'ai', alias: 'A I', case_sensitive: false, word_boundaries: true },
      { ...RULES[2], case_sensitive: true, word_boundaries: true },
    ]);
    expect((await request('/v1/pronunciation-dictionaries/none')).status).toBe(404);
    expect((await request('/v1/pronunciation-dictionaries', undefined, 'bad')).status).toBe(401);
  });

  it.each([
    ['of an unknown type', { type: 'song', string_to_replace: 'a' }],
    ['without the word', { type: 'alias', alias: 'b' }],
    ['with an unknown alphabet', { type: 'phoneme', string_to_replace: 'a', phoneme: 'b', alphabet: 'runes' }],
  ])('are not made from a rule %s', async (_name, rule) => {
    expect((await add([rule])).status).toBe(422);
    expect((await add([])).status).toBe(422);
  });

  it('change what is spoken, but neither the alignment’s characters nor the price', async () => {
    const { body } = await speak([await locator()]);
    // The model does not take phonemes, so the vendor skips the word.
    expect(synthesiser.spoken).toEqual(['tie-land has A I and a .']);
    expect((body['alignment'] as { characters: string[] }).characters.join('')).toBe(TEXT);
    expect(simulator.counters.elevenLabs.charactersBilled).toBe(TEXT.length);
  });

  it('keep a word with phonemes where the model takes them', async () => {
    await speak([await locator()], 'eleven_flash_v2');
    expect(synthesiser.spoken).toEqual(['tie-land has A I and a tomato.']);
  });

  it('are refused when they are unknown, of another version or more than three', async () => {
    const known = await locator();
    expect(await speak([{ pronunciation_dictionary_id: 'none' }])).toMatchObject({
      status: 400,
      body: { detail: { status: 'pronunciation_dictionary_not_found' } },
    });
    expect((await speak([{ ...known, version_id: 'older' }])).status).toBe(400);
    expect((await speak([known, known, known, known])).status).toBe(400);
    expect(simulator.counters.elevenLabs.charactersBilled).toBe(0);
  });

  const SPEECH = 'text-to-speech/parley-clara/';
  it.each([
    [`${SPEECH}stream-input?`, { text: ' ' }, [{ text: TEXT, flush: true }]],
    [`${SPEECH}multi-stream-input?`, { text: ' ', context_id: 'a' }, [{ text: TEXT, context_id: 'a', flush: true }]],
    ['text-to-dialogue/stream-input?', { voices: ['parley-clara'] }, [{ inputs: [{ text: TEXT, voice_id: 'parley-clara' }], flush: true }]],
  ])('are named in the first message of %s', async (path, first, others) => {
    const socket = await connect(path);
    socket.send({ ...first, pronunciation_dictionary_locators: [await locator()] });
    for (const message of others) socket.send(message);
    await socket.next();
    expect(synthesiser.spoken).toEqual(['tie-land has A I and a .']);
    const stranger = await connect(path);
    stranger.send({ ...first, pronunciation_dictionary_locators: [{ pronunciation_dictionary_id: 'none' }] });
    expect(await stranger.next()).toMatchObject({ error: 'pronunciation_dictionary_not_found', code: 1008 });
    expect((await stranger.closed).code).toBe(1008);
  });

  it('leave out directions to the speaker with the dialogue models only', async () => {
    const text = '[laughs] Well, well.';
    const say = (model: string) => request('/v1/text-to-speech/parley-clara?output_format=pcm_16000', { text, model_id: model });
    await say('eleven_v3');
    await say('eleven_flash_v2_5');
    expect(synthesiser.spoken).toEqual(['Well, well.', text]);
  });
});
