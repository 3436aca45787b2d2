import { EventEmitter, once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { encodeWav, parseSileroWeights, parseWav, resamplePcm16, VoiceActivityDetector } from '@parley/audio';
import { DEFAULT_TURN_POLICY } from '@parley/conversation';
import * as engine from '@parley/engine';
import type { LanguageModel, SpeechToText, TextToSpeech } from '@parley/providers';

/** Who answers: adapters of `@parley/providers`, or your own. */
interface Vendors {
  stt: SpeechToText;
  llm: LanguageModel;
  tts: TextToSpeech;
}

const nothing = (): void => undefined;

/** Holds a conversation with what is said in the file `from`, and writes the answers to the file `to`. Runs in the workspace's folder. */
export async function wavToWav(from: string, to: string, { stt, llm, tts }: Vendors): Promise<void> {
  const wav = parseWav(await readFile(from));
  if (!wav.ok) throw new Error(wav.error);
  const weights = parseSileroWeights(await readFile('libs/audio/assets/silero-vad-v6-16k.bin'));
  const answers: number[] = [];
  const events = new EventEmitter();
  const told = { phase: 'IDLE' };
  events.on('state_changed', ({ phase }: engine.ConversationEventOf<'state_changed'>) => (told.phase = phase));

  const options = { conversationId: 'wav-to-wav' };
  // A file takes everything at once, and cannot stand still.
  const play = ({ pcm }: engine.OutgoingSpeech): void => void answers.push(...pcm);
  const output: engine.AudioOutput = { maxLeadMs: Infinity, canPause: false, play, clear: nothing, duck: nothing, pause: nothing };
  const conversation = new engine.PipelineConversation(
    { options, output, emit: (event) => events.emit(event.type, event) },
    {
      policy: DEFAULT_TURN_POLICY,
      stt: new engine.SttStream(options, stt),
      llm: new engine.LlmStream(llm, { maxTokens: 300 }),
      tts: new engine.TtsStream(options, tts),
      detector: new VoiceActivityDetector({ weights }),
    },
  );

  conversation.start();
  // The microphone is a file, which waits while the assistant answers. A second of silence ends the last turn.
  const said = resamplePcm16(wav.pcm, wav.sampleRateHz, engine.INPUT_SAMPLE_RATE_HZ);
  const microphone = Int16Array.from([...said, ...new Int16Array(engine.INPUT_SAMPLE_RATE_HZ)]);
  for (let start = 0; start < microphone.length; start += engine.FRAME_SAMPLES) {
    conversation.pushAudio(microphone.subarray(start, start + engine.FRAME_SAMPLES));
    while (told.phase !== 'USER_SPEAKING') await once(events, 'state_changed');
  }
  conversation.end('client');
  await writeFile(to, encodeWav(Int16Array.from(answers), engine.OUTPUT_SAMPLE_RATE_HZ));
}
