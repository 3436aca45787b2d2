/** flite through koffi. Runs in the synthesiser process only: a sentence takes about 40 ms. */
import { NativeSpeechError } from './native-error.ts';
import { importKoffi, loadLibrary, type Koffi, type NativePointer } from './native-library.ts';
import type { SpokenWord, SynthesisedSpeech } from './ports.ts';

/** The voices asked for, the default first; flite builds may leave some out. */
const VOICES = ['slt', 'rms', 'awb', 'kal16'];
/** Kept before the first word; flite starts with 130 to 200 ms of silence. */
const LEAD_MS = 30;
const WORD_START = 'R:SylStructure.daughter1.daughter1.R:Segment.p.end';
const WORD_END = 'R:SylStructure.daughtern.daughtern.R:Segment.end';

/** A loaded engine. Lives as long as its process. */
export interface FliteEngine {
  /** Speaks ASCII text; a voice that does not exist gives the first one. No words in the text give no audio. */
  speak(text: string, voice: string): SynthesisedSpeech;
}

interface Wave {
  sample_rate: number;
  num_samples: number;
  num_channels: number;
  samples: NativePointer;
}

type Native = ReturnType<typeof bind>;

/** Loads the engine and its voices. Throws `NativeSpeechError` when the library or every voice is missing. */
export async function openFlite(): Promise<FliteEngine> {
  const koffi = await importKoffi();
  const native = bind(koffi);
  native.initialise();
  const voices = loadVoices(koffi);
  const [firstVoice] = voices.values();
  if (firstVoice === undefined) throw new NativeSpeechError(`flite has none of the voices ${VOICES.join(', ')}`);
  return {
    speak: (text, voice) => {
      // The excitation is drawn with rand(): the same text gives the same samples.
      native.seedRandom(1);
      const utterance = native.synthesise(text, voices.get(voice) ?? firstVoice);
      if (utterance === null) throw new Error('flite: the text cannot be spoken');
      try {
        return trimmed(readWave(koffi, native, utterance), readWords(native, utterance));
      } finally {
        native.deleteUtterance(utterance);
      }
    },
  };
}

function loadVoices(koffi: Koffi): Map<string, NativePointer> {
  const voices = new Map<string, NativePointer>();
  for (const name of VOICES) {
    try {
      const register: (directory: null) => NativePointer = koffi
        .load(`libflite_cmu_us_${name}.so.1`, { global: true })
        .func(`void* register_cmu_us_${name}(void* directory)`);
      const voice = register(null);
      if (voice !== null) voices.set(name, voice);
    } catch {
      // A build without this voice; the others serve.
    }
  }
  return voices;
}

function readWave(koffi: Koffi, native: Native, utterance: NativePointer): { sampleRateHz: number; pcm: Int16Array } {
  const address = native.wave(utterance);
  if (address === null) throw new Error('flite: the text gave no audio');
  const wave = koffi.decode(address, native.waveType) as Wave;
  if (wave.num_channels !== 1 || wave.samples === null) throw new Error('flite: the audio is not mono');
  // A view of flite's own memory, copied before the utterance is deleted.
  const pcm = new Int16Array(koffi.view(wave.samples, wave.num_samples * Int16Array.BYTES_PER_ELEMENT)).slice();
  return { sampleRateHz: wave.sample_rate, pcm };
}

/** One entry for each written word: `It's` is two words to flite and `12:30` is three, but one to a reader. */
function readWords(native: Native, utterance: NativePointer): SpokenWord[] {
  const words: SpokenWord[] = [];
  const tokens = native.relation(utterance, 'Token');
  for (let token = tokens === null ? null : native.relationHead(tokens); token !== null; token = native.nextItem(token)) {
    const first = native.firstDaughter(token);
    const last = native.lastDaughter(token);
    if (first === null || last === null) continue;
    const endMs = Math.round(native.numberAt(last, WORD_END) * 1000);
    if (endMs === 0) continue;
    words.push({ word: native.text(token, 'name'), startMs: Math.round(native.numberAt(first, WORD_START) * 1000), endMs });
  }
  return words;
}

function trimmed({ sampleRateHz, pcm }: { sampleRateHz: number; pcm: Int16Array }, words: SpokenWord[]): SynthesisedSpeech {
  if (words.length === 0) return { sampleRateHz, pcm: new Int16Array(0), words };
  const cutMs = Math.max(0, words[0].startMs - LEAD_MS);
  const cutSamples = Math.round((cutMs * sampleRateHz) / 1000);
  return {
    sampleRateHz,
    pcm: pcm.slice(cutSamples),
    words: words.map(({ word, startMs, endMs }) => ({ word, startMs: startMs - cutMs, endMs: endMs - cutMs })),
  };
}

/** The C functions used, with the types that koffi cannot know. */
function bind(koffi: Koffi) {
  const flite = loadLibrary(koffi, 'libflite.so.1', true);
  // The voices find the language and the lexicon by symbol.
  loadLibrary(koffi, 'libflite_usenglish.so.1', true);
  loadLibrary(koffi, 'libflite_cmulex.so.1', true);
  const waveType = koffi.struct('cst_wave', {
    type: 'str',
    sample_rate: 'int',
    num_samples: 'int',
    num_channels: 'int',
    samples: 'void*',
  });
  const seedRandom: (seed: number) => void = koffi.load(null).func('void srand(unsigned int seed)');
  const initialise: () => number = flite.func('int flite_init()');
  const synthesise: (text: string, voice: NativePointer) => NativePointer = flite.func('void* flite_synth_text(str text, void* voice)');
  const deleteUtterance: (utterance: NativePointer) => void = flite.func('void delete_utterance(void* u)');
  const wave: (utterance: NativePointer) => NativePointer = flite.func('void* utt_wave(void* u)');
  const relation: (utterance: NativePointer, name: string) => NativePointer = flite.func('void* utt_relation(void* u, str name)');
  const relationHead: (relation: NativePointer) => NativePointer = flite.func('void* relation_head(void* relation)');
  const nextItem: (item: NativePointer) => NativePointer = flite.func('void* item_next(void* item)');
  const firstDaughter: (item: NativePointer) => NativePointer = flite.func('void* item_daughter(void* item)');
  const lastDaughter: (item: NativePointer) => NativePointer = flite.func('void* item_last_daughter(void* item)');
  const text: (item: NativePointer, name: string) => string = flite.func('str item_feat_string(void* item, str name)');
  const numberAt: (item: NativePointer, path: string) => number = flite.func('float ffeature_float(void* item, str path)');
  return {
    waveType,
    seedRandom,
    initialise,
    synthesise,
    deleteUtterance,
    wave,
    relation,
    relationHead,
    nextItem,
    firstDaughter,
    lastDaughter,
    text,
    numberAt,
  };
}
