import { FAKE_NARRATION_MODELS } from '@parley/testing';
import type { EpisodeRequest } from './episode-request';
import { EPISODE_MAX_SEGMENTS, planEpisode, type PlanningContext } from './plan-episode';

const CONTEXT: PlanningContext = { models: FAKE_NARRATION_MODELS, voices: new Set(['anna', 'ben']), defaultVoiceId: 'house' };

const plan = (request: EpisodeRequest, context: Partial<PlanningContext> = {}) => planEpisode(request, { ...CONTEXT, ...context });
const messages = (request: EpisodeRequest): string[] => plan(request).problems.map(({ message }) => message);

describe('the plan of an episode', () => {
  it('has a segment for each paragraph, with its voice, its pause and its place', () => {
    const { episode, speakers, problems, estimate } = plan({
      script: 'HOST: One.\n\nTwo.\n\nGUEST: Three.\n\n[pause 2s]\n\nhost: Four.',
      format: 'screenplay',
      speakers: { Host: { voiceId: 'anna', settings: { speed: 1.1 } }, Guest: { voiceId: 'ben' } },
      pauses: { betweenSegmentsMs: 100, betweenSpeakersMs: 200 },
    });
    expect(problems).toEqual([]);
    expect(episode.segments.map(({ text, voiceId, pauseBeforeMs, position }) => [text, voiceId, pauseBeforeMs, position.line])).toEqual([
      ['One.', 'anna', 0, 1],
      ['Two.', 'anna', 100, 3],
      ['Three.', 'ben', 200, 5],
      ['Four.', 'anna', 2_000, 9],
    ]);
    expect(episode.segments[0].settings).toEqual({ speed: 1.1 });
    expect(speakers).toEqual(['Host', 'Guest']);
    expect(estimate).toMatchObject({ characters: 19, billedCharacters: 19 });
  });

  it('takes what the request does not say from the front matter', () => {
    const { episode, problems } = plan({
      script: '---\ntitle: Rain\nlanguage: en-IN\nvoices:\n  HOST: ben\npronunciations:\n  nginx: engine x\n---\nHOST: We use nginx.\n',
    });
    expect(problems).toEqual([]);
    expect(episode).toMatchObject({
      title: 'Rain',
      language: 'en-IN',
      speakers: { HOST: { voiceId: 'ben' } },
      pronunciations: [{ word: 'nginx', say: 'engine x', alphabet: 'spelling' }],
      segments: [{ text: 'We use nginx.', voiceId: 'ben' }],
    });
  });

  it('reads parts as a script whose paragraphs they are', () => {
    const { episode, problems } = plan({
      parts: [{ text: 'One.\n\nTwo.', voiceId: 'anna' }, { text: 'Three.', voiceId: 'ben', model: 'eleven_v3' }, { text: 'Four.' }],
      voiceId: 'ben',
    });
    expect(problems).toEqual([]);
    expect(episode.segments.map(({ text, voiceId, model, position }) => [text, voiceId, model, position.line])).toEqual([
      ['One.', 'anna', 'eleven_multilingual_v2', 1],
      ['Two.', 'anna', 'eleven_multilingual_v2', 3],
      ['Three.', 'ben', 'eleven_v3', 5],
      ['Four.', 'ben', 'eleven_multilingual_v2', 7],
    ]);
  });

  it.each<[string, EpisodeRequest, string]>([
    ['live', { purpose: 'live' }, 'eleven_flash_v2_5'],
    ['balanced', {}, 'eleven_multilingual_v2'],
    ['for several speakers', { purpose: 'multispeaker' }, 'eleven_v3'],
    ['of another model', { model: 'eleven_flash_v2_5' }, 'eleven_flash_v2_5'],
  ])('has the model for what it is: %s', (_, request, model) => {
    const { episode, problems } = plan({ script: 'One.', ...request });
    expect([episode.model, problems]).toEqual([model, []]);
  });

  it('takes any voice and model where those of the vendor are not known, and the default voice always', () => {
    expect(plan({ script: 'One.', voiceId: 'x', model: 'y' }, { models: [], voices: undefined }).problems).toEqual([]);
    expect(plan({ script: 'One.' }).episode.segments[0].voiceId).toBe('house');
  });

  it.each<[string, EpisodeRequest, string]>([
    ['a screenplay without any voice', { script: 'HOST: One.\n\nHOST: Two.', format: 'screenplay' }, 'The speaker "HOST" has no voice.'],
    ['a speaker who is only named', { script: '---\nspeakers: [HOST]\n---\nHOST: One.' }, 'The speaker "HOST" has no voice.'],
    ['a part whose speaker has no voice', { parts: [{ text: 'One.', speaker: 'X' }] }, 'The speaker "X" has no voice.'],
    ['a paragraph without a word', { script: 'One.\n\n* * *', format: 'text' }, 'There is nothing to speak'],
    ['a tag for a model that does not perform it', { script: 'One. [laughs]' }, 'need a model that performs them'],
    [
      'IPA for a model that does not take it',
      { script: 'One.', pronunciations: [{ word: 'a', say: 'ə', alphabet: 'ipa' }] },
      'IPA, which the model does not take',
    ],
    ['a model that speaks no dialogue', { script: 'One.', purpose: 'multispeaker', model: 'eleven_flash_v2_5' }, 'does not speak dialogue'],
    ['parts that are too long together', { parts: [{ text: 'a '.repeat(40_000) }, { text: 'b '.repeat(20_000) }] }, 'too long'],
  ])('reports %s, once', (_, request, message) => {
    expect(messages(request)).toEqual([expect.stringContaining(message)]);
  });

  it('reports a script of too many segments, and cuts no more of them', () => {
    const { problems, episode } = plan({ script: 'One.\n\n'.repeat(EPISODE_MAX_SEGMENTS + 1) });
    expect(problems).toEqual([{ line: 2 * EPISODE_MAX_SEGMENTS + 1, column: 1, message: expect.stringContaining('at most 2000') }]);
    expect(episode.segments).toHaveLength(EPISODE_MAX_SEGMENTS);
  });

  it('is not confused by names that objects have', () => {
    const { problems, episode } = plan({
      script: 'constructor: One.\n\n__proto__: Two.',
      format: 'screenplay',
      speakers: JSON.parse('{"constructor":{"voiceId":"anna"},"__proto__":{"voiceId":"ben"}}') as EpisodeRequest['speakers'],
    });
    expect(problems.every(({ message }) => !message.includes('constructor'))).toBe(true);
    expect(episode.segments[0].voiceId).toBe('anna');
    expect(Object.hasOwn(Object.prototype, 'voiceId')).toBe(false);
  });
});
