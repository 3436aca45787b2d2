/** The three vendors for `npm run bench:capacity`, as cheap as possible: without recognition and synthesis. Prints their addresses. */
import { type Recogniser, startSimulator, type Synthesiser, type SynthesisedSpeech, ToneSynthesiser } from '@parley/simulator';
import { ANSWER, QUESTION } from './conversation';

/** Returns the same question for every utterance. */
const recogniser: Recogniser = {
  ready: Promise.resolve(),
  open: () => ({
    push: () => undefined,
    partial: QUESTION,
    end: () => Promise.resolve({ text: QUESTION, words: [], confidence: 1 }),
    cancel: () => undefined,
  }),
  close: () => Promise.resolve(),
};

/** Synthesises each sentence once. */
function cachingSynthesiser(): Synthesiser {
  const tones = new ToneSynthesiser();
  const made = new Map<string, Promise<SynthesisedSpeech>>();
  return {
    ready: tones.ready,
    speak: (text, voice) => {
      const key = `${voice} ${text}`;
      const known = made.get(key) ?? tones.speak(text, voice, new AbortController().signal);
      made.set(key, known);
      return known;
    },
    close: () => Promise.resolve(),
  };
}

const { urls, close } = await startSimulator({
  recogniser,
  synthesiser: cachingSynthesiser(),
  replies: { reply: () => ANSWER },
  limits: { sarvamSockets: Infinity, openAiRequestsPerMinute: Infinity, elevenLabsConcurrency: Infinity },
});
process.stdout.write(`sarvam ${urls.sarvam}\nopenai ${urls.openai}\nelevenlabs ${urls.elevenLabs}\n`);
process.once('SIGTERM', () => void close());
