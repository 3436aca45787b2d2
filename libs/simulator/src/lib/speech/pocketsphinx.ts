/** pocketsphinx 5prealpha (Debian's libpocketsphinx3) through koffi. Runs in the recogniser process only: one step takes up to 25 ms. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { NativeSpeechError } from './native-error.ts';
import { importKoffi, loadLibrary, type NativePointer } from './native-library.ts';
import type { Recognition, RecognisedWord } from './ports.ts';

export interface PocketsphinxOptions {
  modelDirectory: string;
  /** File with a language model to mix with the stock one; needed only while the decoder is being made. */
  domainModelPath?: string;
  /** Share of the domain model, 0..1. */
  domainWeight: number;
}

/** One decoder: utterance after utterance; its cepstral mean adapts to the speaker. Lives as long as its process. */
export interface PocketsphinxDecoder {
  start(): void;
  /** PCM s16 mono 16 kHz, any length but 0. */
  feed(pcm: Int16Array): void;
  /** The words so far. */
  partial(): string;
  /** Ends the utterance: the final search, 40 to 100 ms. */
  finish(): Recognition;
}

const FRAME_MS = 10;
/** `<s>`, `</s>`, `<sil>`, `[NOISE]`, `++NOISE++`. */
const FILLER = /^[<[+]/;
/** The pronunciation number of `the(2)`. */
const VARIANT = /\(\d+\)$/;
/**
 * States kept per frame; 30 000 is pocketsphinx's default. In babble that decodes slower than real time (1.7 x; 0.6 x with this one), and
 * nothing is gained by it: the same words in the skills' sentences, 10.6 instead of 10.3 % word errors in free speech, a third less work.
 */
const MAX_STATES_PER_FRAME = '3000';
/** `ngram_model_read` finds the format out. */
const ANY_FORMAT = 0;

type Native = Awaited<ReturnType<typeof loadNative>>;

/** Loads libraries and models (about 0.3 s, 185 MB). Throws `NativeSpeechError` when one is missing. */
export async function openPocketsphinx(options: PocketsphinxOptions): Promise<PocketsphinxDecoder> {
  const files = modelFiles(options.modelDirectory);
  for (const path of Object.values(files)) {
    if (!existsSync(path)) throw new NativeSpeechError(`the speech model ${path} does not exist`);
  }
  const native = await loadNative();
  native.setLogFile('/dev/null');
  const settings = { '-hmm': files.acoustic, '-dict': files.dictionary, '-remove_silence': 'no', '-maxhmmpf': MAX_STATES_PER_FRAME };
  const variadic = Object.entries(settings).flatMap(([name, value]) => ['str', name, 'str', value]);
  const config = native.parseSettings(null, native.settingDefinitions(), 1, ...variadic, 'void*', null);
  const decoder = config === null ? null : native.createDecoder(config);
  if (decoder === null) throw new NativeSpeechError(`pocketsphinx cannot start with the models in ${options.modelDirectory}`);
  selectLanguageModel(native, decoder, files.language, options);
  return createDecoder(native, decoder);
}

function modelFiles(directory: string) {
  return {
    acoustic: join(directory, 'en-us'),
    dictionary: join(directory, 'cmudict-en-us.dict'),
    language: join(directory, 'en-us.lm.bin'),
  };
}

function selectLanguageModel(native: Native, decoder: NativePointer, stockPath: string, options: PocketsphinxOptions): void {
  const config = native.decoderConfig(decoder);
  const logMath = native.decoderLogMath(decoder);
  const read = (path: string): NativePointer => {
    const model = native.readLanguageModel(config, path, ANY_FORMAT, logMath);
    if (model === null) throw new NativeSpeechError(`the language model ${path} cannot be read`);
    return model;
  };
  const stock = read(stockPath);
  const { domainModelPath, domainWeight } = options;
  const model =
    domainModelPath === undefined
      ? stock
      : native.mixLanguageModels(config, [read(domainModelPath), stock], ['domain', 'stock'], [domainWeight, 1 - domainWeight], 2);
  if (model === null || native.setLanguageModel(decoder, 'speech', model) < 0 || native.setSearch(decoder, 'speech') < 0) {
    throw new NativeSpeechError('pocketsphinx does not take the language model');
  }
}

function createDecoder(native: Native, decoder: NativePointer): PocketsphinxDecoder {
  const logMath = native.decoderLogMath(decoder);
  const check = (status: number, step: string): void => {
    if (status < 0) throw new Error(`pocketsphinx: ${step} failed`);
  };
  const hypothesis = (): string => native.hypothesis(decoder, [0]) ?? '';
  const words = (): RecognisedWord[] => {
    const found: RecognisedWord[] = [];
    let firstFrame: number | undefined;
    for (let segment = native.firstSegment(decoder); segment !== null; segment = native.nextSegment(segment)) {
      const start = [0];
      const end = [0];
      native.segmentFrames(segment, start, end);
      // Frames count on from utterance to utterance; the first segment is the sentence start.
      firstFrame ??= start[0];
      const word = native.segmentWord(segment);
      if (FILLER.test(word)) continue;
      found.push({
        word: word.replace(VARIANT, ''),
        startMs: (start[0] - firstFrame) * FRAME_MS,
        endMs: (end[0] + 1 - firstFrame) * FRAME_MS,
        probability: Math.min(1, native.exponent(logMath, native.segmentPosterior(segment, [0], [0], [0]))),
      });
    }
    return found;
  };
  return {
    start: () => check(native.startUtterance(decoder), 'starting an utterance'),
    feed: (pcm) => check(native.processAudio(decoder, pcm, pcm.length, 0, 0), 'decoding'),
    partial: hypothesis,
    finish: () => {
      check(native.endUtterance(decoder), 'ending an utterance');
      const found = words();
      const total = found.reduce((sum, word) => sum + word.probability, 0);
      return { text: hypothesis(), words: found, confidence: found.length === 0 ? 0 : total / found.length };
    },
  };
}

/** The C functions used, with the types that koffi cannot know. */
async function loadNative() {
  const koffi = await importKoffi();
  const base = loadLibrary(koffi, 'libsphinxbase.so.3');
  const sphinx = loadLibrary(koffi, 'libpocketsphinx.so.3');
  const parseSettings: (inOut: null, definitions: NativePointer, strict: number, ...settings: (string | null)[]) => NativePointer =
    base.func('void* cmd_ln_init(void* inout, void* defn, int strict, ...)');
  const setLogFile: (path: string) => number = base.func('int err_set_logfile(str path)');
  const exponent: (logMath: NativePointer, value: number) => number = base.func('double logmath_exp(void* lmath, int value)');
  const readLanguageModel: (config: NativePointer, path: string, format: number, logMath: NativePointer) => NativePointer = base.func(
    'void* ngram_model_read(void* config, str file, int type, void* lmath)',
  );
  const mixLanguageModels: (
    config: NativePointer,
    models: NativePointer[],
    names: string[],
    weights: number[],
    count: number,
  ) => NativePointer = base.func('void* ngram_model_set_init(void* config, void** models, str* names, float* weights, int n)');
  const settingDefinitions: () => NativePointer = sphinx.func('void* ps_args()');
  const createDecoder: (config: NativePointer) => NativePointer = sphinx.func('void* ps_init(void* config)');
  const decoderConfig: (decoder: NativePointer) => NativePointer = sphinx.func('void* ps_get_config(void* ps)');
  const decoderLogMath: (decoder: NativePointer) => NativePointer = sphinx.func('void* ps_get_logmath(void* ps)');
  const setLanguageModel: (decoder: NativePointer, name: string, model: NativePointer) => number = sphinx.func(
    'int ps_set_lm(void* ps, str name, void* lm)',
  );
  const setSearch: (decoder: NativePointer, name: string) => number = sphinx.func('int ps_set_search(void* ps, str name)');
  const startUtterance: (decoder: NativePointer) => number = sphinx.func('int ps_start_utt(void* ps)');
  const processAudio: (decoder: NativePointer, pcm: Int16Array, samples: number, noSearch: number, full: number) => number = sphinx.func(
    'int ps_process_raw(void* ps, const int16_t* data, size_t n, int no_search, int full)',
  );
  const endUtterance: (decoder: NativePointer) => number = sphinx.func('int ps_end_utt(void* ps)');
  const hypothesis: (decoder: NativePointer, score: number[]) => string | null = sphinx.func(
    'str ps_get_hyp(void* ps, _Out_ int32_t* score)',
  );
  const firstSegment: (decoder: NativePointer) => NativePointer = sphinx.func('void* ps_seg_iter(void* ps)');
  const nextSegment: (segment: NativePointer) => NativePointer = sphinx.func('void* ps_seg_next(void* seg)');
  const segmentWord: (segment: NativePointer) => string = sphinx.func('str ps_seg_word(void* seg)');
  const segmentFrames: (segment: NativePointer, start: number[], end: number[]) => void = sphinx.func(
    'void ps_seg_frames(void* seg, _Out_ int* start, _Out_ int* end)',
  );
  const segmentPosterior: (segment: NativePointer, acoustic: number[], language: number[], backoff: number[]) => number = sphinx.func(
    'int32_t ps_seg_prob(void* seg, _Out_ int32_t* acoustic, _Out_ int32_t* language, _Out_ int32_t* backoff)',
  );
  return {
    parseSettings,
    setLogFile,
    exponent,
    readLanguageModel,
    mixLanguageModels,
    settingDefinitions,
    createDecoder,
    decoderConfig,
    decoderLogMath,
    setLanguageModel,
    setSearch,
    startUtterance,
    processAudio,
    endUtterance,
    hypothesis,
    firstSegment,
    nextSegment,
    segmentWord,
    segmentFrames,
    segmentPosterior,
  };
}
