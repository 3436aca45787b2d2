import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseSileroWeights, parseWav, VoiceActivityDetector } from '@parley/audio';
import { FRAME_MS, FRAME_SAMPLES } from '@parley/protocol';
import { quietRoom } from '@parley/testing/client';
import { pass, startVirtualTime, TestConversation, type TestConversationOptions } from '@parley/engine/testing';
import { DETECTOR_WEIGHTS } from '../../testing/runtime-paths';

const WORDS = join(__dirname, '../../../../../libs/testing/recordings/words');

const LEAD_MS = 1_000;
/** Long enough for the turn to end after a word, even with a slow recogniser. */
const TAIL_MS = 2_400;

/** The recorded word with the silence of a quiet room around it. */
async function wordOf(name: string): Promise<Int16Array> {
  const wav = parseWav(await readFile(join(WORDS, `${name}.wav`)));
  if (!wav.ok) throw new Error(`the recording of ${name} is not there`);
  return Int16Array.from([...quietRoom(LEAD_MS), ...wav.pcm, ...quietRoom(TAIL_MS)]);
}

const weights = parseSileroWeights(readFileSync(DETECTOR_WEIGHTS));

const startHearing = (options: TestConversationOptions): Promise<TestConversation> =>
  TestConversation.start({ ...options, detector: new VoiceActivityDetector({ weights }) });

async function hear({ session }: TestConversation, pcm: Int16Array): Promise<void> {
  for (let start = 0; start + FRAME_SAMPLES <= pcm.length; start += FRAME_SAMPLES) {
    await pass(FRAME_MS);
    session.pushAudio(pcm.subarray(start, start + FRAME_SAMPLES));
  }
  await pass(0);
}

const statesOf = ({ sink }: TestConversation): string[] => sink.log.filter((entry) => entry.startsWith('state'));

/** Recorded words that are too short for the voice detector to be certain, with a recogniser that finds words in them or finds none. */
describe('PipelineConversation: short words', () => {
  // The detector works through several seconds of audio, on a machine that may be busy.
  jest.setTimeout(60_000);
  beforeEach(() => startVirtualTime());
  afterEach(() => jest.useRealTimers());

  const RECORDED = ['slt-hi', 'slt-yep', 'kal16-no', 'kal16-what'];

  it.each(RECORDED)('answers %s when the recogniser returns a word', async (name) => {
    for (const finalDelayMs of [200, 1_000]) {
      const talk = await startHearing({ stt: () => ({ text: name, wordMs: 60_000, finalDelayMs }) });
      await hear(talk, await wordOf(name));
      expect(statesOf(talk)).toEqual(['state USER_SPEAKING 1', 'state AI_PROCESSING 1', 'state AI_SPEAKING 1']);
      expect(talk.sink.of('transcript').at(-1)).toMatchObject({ text: name, isFinal: true });
    }
  });

  it.each(RECORDED)('ignores %s completely when the recogniser returns no word', async (name) => {
    for (const text of ['', '[noise]']) {
      const talk = await startHearing({ stt: () => ({ text, wordMs: 60_000, finalDelayMs: 600 }) });
      await hear(talk, await wordOf(name));
      expect(statesOf(talk)).toEqual(['state USER_SPEAKING 1']);
      expect(talk.fakes.llm.openReplies).toBe(0);
      expect(talk.fakes.stt.openUtterances).toBe(0);
      expect(talk.sink.of('failure')).toEqual([]);
    }
  });

  it.each(RECORDED)('is interrupted by %s while the assistant speaks, but not by a sound without words', async (name) => {
    for (const word of ['stop', '']) {
      const texts = ['tell me a story', word];
      const talk = await startHearing({
        stt: (index) => ({ text: texts[index] ?? '', wordMs: 60_000, finalDelayMs: 200 }),
        llm: () => ({ tokens: Array.from({ length: 60 }, () => 'Once upon a time. ') }),
      });
      await hear(talk, await wordOf('slt-hi'));
      expect(statesOf(talk).at(-1)).toBe('state AI_SPEAKING 1');
      await hear(talk, await wordOf(name));
      expect(talk.sink.of('interrupted')).toHaveLength(word === '' ? 0 : 1);
    }
  });
});
