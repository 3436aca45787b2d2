/** The three vendors for `npm run bench:capacity`, as cheap as they can be: speech is neither recognised nor synthesised. Prints its addresses. */
import { type Recogniser, startSimulator, type Synthesiser, type SynthesisedSpeech, ToneSynthesiser } from '@parley/simulator';
import { ANSWER, QUESTION } from './conversation';

/** Hears the same question in whatever is said. */
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

/** Makes each sentence once. */
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
