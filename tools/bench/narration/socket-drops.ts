import { ElevenLabsNarration, type NarrationPiece, type SpeechChunk } from '@parley/providers';
import { ScriptedRecogniser, startSimulator } from '@parley/simulator';
import { distinctWords } from './distinct-words';
import { judgeWords, type NarratedWords } from './narrated-words';
import { WordTones } from './word-tones';

const RATE_HZ = 24_000;
const BYTES_PER_SECOND = 2 * RATE_HZ;
const CHARACTERS_PER_SECOND = 15;
const PIECE_CHARACTERS = 200;
/** Speech comes so many times faster than it is spoken. */
const SPEED = 60;
export interface DropFigures {
  drops: number;
  reconnects: number;
  fallbacks: number;
  undisturbed: NarratedWords;
  dropped: NarratedWords;
}

/** Narrates a text twice: undisturbed, and with the vendor's socket dropped at so many places, which the seed decides. */
export async function measureDrops(drops: number, characters: number, seed: number): Promise<DropFigures> {
  const text = distinctWords(characters);
  const vendor = await startSimulator({
    seed,
    recogniser: new ScriptedRecogniser({ texts: [] }),
    synthesiser: new WordTones(),
    latency: { ttsFirstChunkMs: 20, jitter: 0 },
    limits: { elevenLabsSpeed: SPEED },
  });
  const narration = new ElevenLabsNarration({
    apiKey: 'bench',
    baseUrl: vendor.urls.elevenLabs,
    simulated: true,
    // The waits before a connection is tried again are not what is measured.
    wait: () => Promise.resolve(),
  });
  let reconnects = 0;
  let fallbacks = 0;
  const narrate = async (): Promise<NarratedWords> => {
    const speech = narration.narrate(
      piecesOf(text),
      {
        voiceId: '21m00Tcm4TlvDq8ikWAM',
        model: 'eleven_flash_v2_5',
        sampleRateHz: RATE_HZ,
        onNotice: ({ type }) => {
          if (type === 'reconnected') reconnects += 1;
          if (type === 'fallback') fallbacks += 1;
        },
      },
      new AbortController().signal,
    );
    const chunks: SpeechChunk[] = [];
    for await (const chunk of speech) chunks.push(chunk);
    return judgeWords(text, chunks, RATE_HZ);
  };
  try {
    const undisturbed = await narrate();
    const wholeBytes = (text.length / CHARACTERS_PER_SECOND) * BYTES_PER_SECOND;
    // On average a little less than the part that falls to each drop, so that there is text left for the last one.
    const upTo = Math.floor((1.5 * wholeBytes) / (drops + 1));
    vendor.faults.inject({ vendor: 'elevenlabs', endpoint: 'stream-input', fault: { kind: 'drop', afterBytes: 0, upTo }, times: drops });
    const dropped = await narrate();
    return { drops: vendor.counters.elevenLabs.faults, reconnects, fallbacks, undisturbed, dropped };
  } finally {
    await narration.close();
    await vendor.close();
  }
}

async function* piecesOf(text: string): AsyncGenerator<NarrationPiece> {
  let piece = '';
  for (const sentence of text.split(/(?<=\. )/)) {
    piece += sentence;
    if (piece.length < PIECE_CHARACTERS) continue;
    yield { text: piece, flush: true };
    piece = '';
  }
  if (piece !== '') yield { text: piece, flush: true };
}
