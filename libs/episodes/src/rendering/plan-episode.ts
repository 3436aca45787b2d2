import {
  checkModelFor,
  checkPronunciations,
  estimate,
  type Estimate,
  modelFor,
  NARRATOR,
  SEGMENT_MAX_CHARACTERS,
  type ScriptProblem,
} from '@parley/narration';
import type { NarrationModel } from '@parley/providers';
import type { EpisodePronunciation, NewEpisode, SegmentContent } from '../storage';
import type { EpisodeRequest } from './episode-request';
import { toPronunciation, toStoredPronunciation } from './pronunciations';
import { readScript, type ScriptPiece, type ScriptPieces } from './script-pieces';
import { speakerKey, VoiceChoice, voiceOf } from './voice-choice';

/** What a plan depends on besides the request. */
export interface PlanningContext {
  models: readonly NarrationModel[];
  /** Undefined if they are not known: then any is taken, and the vendor decides. */
  voices: ReadonlySet<string> | undefined;
  defaultVoiceId: string;
}

export interface EpisodePlan {
  /** Every mistake. With any, the episode cannot be made. */
  problems: ScriptProblem[];
  episode: NewEpisode;
  estimate: Estimate;
  /** Those of the script, in the order in which they first speak. */
  speakers: string[];
}

export const EPISODE_MAX_SEGMENTS = 2_000;
/** The same for all episodes unless one is given, so that the same text is in the cache for the next one as well. */
const DEFAULT_SEED = 1;
const TITLE_CHARACTERS = 60;
const PERFORMS_TAGS = /^eleven_v[3-9]/;
const READS_PHONEMES = /^eleven_(?:flash_v2|turbo_v2|monolingual_v1)$/;

/** Makes the segments of an episode from what was asked for, and finds every mistake. Nothing is spoken. */
export function planEpisode(request: EpisodeRequest, context: PlanningContext): EpisodePlan {
  const planner = new Planner(request, context);
  return planner.plan();
}

class Planner {
  readonly #request: EpisodeRequest;
  readonly #context: PlanningContext;
  readonly #problems: ScriptProblem[] = [];
  readonly #reported = new Set<string>();
  readonly #model: string;
  readonly #voices: VoiceChoice;
  readonly #read: ScriptPieces;

  constructor(request: EpisodeRequest, context: PlanningContext) {
    this.#request = request;
    this.#context = context;
    this.#model = request.model ?? modelFor(request.purpose ?? 'balanced', context.models);
    this.#voices = new VoiceChoice(voiceOf(request.voiceId ?? context.defaultVoiceId, request.settings));
    for (const [name, voice] of Object.entries(request.speakers ?? {})) this.#voices.set(name, voice);
    const maxCharacters = Math.min(SEGMENT_MAX_CHARACTERS, this.#knownModel(this.#model)?.maxCharacters ?? Infinity);
    this.#read = readScript(request, { speakers: this.#voices.names, audioTags: PERFORMS_TAGS.test(this.#model), maxCharacters });
    for (const { name, voiceId } of this.#read.parsed.voices) if (voiceId !== undefined) this.#voices.set(name, { voiceId });
  }

  plan(): EpisodePlan {
    const { pieces, script, format, chapters, parsed, closingPauseMs } = this.#read;
    this.#problems.push(...this.#read.problems);
    this.#checkModel(this.#model, this.#request.purpose);
    const pronunciations = this.#pronunciations();
    const segments = pieces.slice(0, EPISODE_MAX_SEGMENTS).map((piece, i) => this.#segment(piece, i));
    const excess = pieces[EPISODE_MAX_SEGMENTS];
    if (excess) this.#add(`The script has ${pieces.length} segments; at most ${EPISODE_MAX_SEGMENTS} are allowed.`, excess);
    this.#checkSegments(segments);
    const { title, description, showId, purpose = 'balanced', seed = DEFAULT_SEED, pauses = {} } = this.#request;
    const language = this.#request.language ?? parsed.language;
    const costFactor = this.#knownModel(this.#model)?.costFactor ?? 1;
    return {
      problems: this.#problems.toSorted((a, b) => a.line - b.line || a.column - b.column),
      episode: {
        title: title ?? parsed.title ?? firstWords(pieces[0]?.text ?? ''),
        ...(description !== undefined && { description }),
        ...(showId !== undefined && { showId }),
        ...{ format, script, voice: this.#voices.fallback, model: this.#model, purpose, seed, pauses, chapters, segments, pronunciations },
        speakers: this.#voices.record(),
        ...(language !== undefined && { language }),
      },
      estimate: estimate(segments, { model: { costFactor }, closingPauseMs, speed: this.#request.settings?.speed }),
      speakers: [...new Set(pieces.map(({ speaker }) => speaker))].filter((name) => name !== NARRATOR),
    };
  }

  #segment({ speaker, text, chapter, pauseBeforeMs, line, column, part }: ScriptPiece, index: number): SegmentContent {
    const voice = this.#voices.of(speaker);
    if (!voice && !part?.voiceId && speaker !== NARRATOR) this.#reportSpeaker(speaker, { line, column });
    const { voiceId, settings } =
      part?.voiceId === undefined ? (voice ?? this.#voices.fallback) : { voiceId: part.voiceId, settings: voice?.settings };
    return {
      ...(speaker !== NARRATOR && { speaker }),
      ...{ text, voiceId, model: part?.model ?? this.#model, position: { line, column } },
      ...(settings && { settings }),
      ...(chapter !== undefined && { chapter }),
      // There is nothing to be apart from.
      pauseBeforeMs: index === 0 ? 0 : pauseBeforeMs,
    };
  }

  /** Once for each speaker. Where any speaker is known, the parser has reported those that are not. */
  #reportSpeaker(speaker: string, position: { line: number; column: number }): void {
    const key = speakerKey(speaker);
    const known = [...this.#voices.names, ...this.#read.parsed.voices.map(({ name }) => name)].map(speakerKey);
    if (this.#reported.has(key) || (known.length > 0 && !known.includes(key) && !this.#request.parts)) return;
    this.#reported.add(key);
    this.#add(`The speaker "${speaker}" has no voice. Choose one for this name.`, position);
  }

  #checkSegments(segments: readonly SegmentContent[]): void {
    const { voices, defaultVoiceId } = this.#context;
    const checked = new Set<string>();
    for (const { text, voiceId, model, position } of segments) {
      if (!/[\p{L}\p{N}]/u.test(text)) this.#add('There is nothing to speak in this paragraph.', position);
      if (!checked.has(`voice ${voiceId}`) && voices && !voices.has(voiceId) && voiceId !== defaultVoiceId)
        this.#add(`There is no voice "${voiceId}". GET /api/narrations/options lists the voices.`, position);
      if (model !== this.#model && !checked.has(`model ${model}`)) this.#checkModel(model, undefined, position);
      checked.add(`voice ${voiceId}`).add(`model ${model}`);
    }
  }

  #checkModel(id: string, purpose: EpisodeRequest['purpose'], position = { line: 1, column: 1 }): void {
    const { models } = this.#context;
    const model = this.#knownModel(id);
    if (!model && models.length > 0) {
      this.#add(`There is no model "${id}". There are: ${models.map((known) => known.id).join(', ')}.`, position);
      return;
    }
    const message = model && purpose && checkModelFor(purpose, model, models);
    if (message) this.#add(message, position);
  }

  #knownModel(id: string): NarrationModel | undefined {
    return this.#context.models.find((model) => model.id === id);
  }

  #pronunciations(): EpisodePronunciation[] {
    const given = [...(this.#request.pronunciations ?? []), ...this.#read.parsed.pronunciations.map(toStoredPronunciation)];
    const problems = checkPronunciations(given.map(toPronunciation), READS_PHONEMES.test(this.#model));
    for (const { message } of problems) this.#add(message, { line: 1, column: 1 });
    return given;
  }

  #add(message: string, { line, column }: { line: number; column: number }): void {
    this.#problems.push({ line, column, message });
  }
}

function firstWords(text: string): string {
  if (text === '') return 'Untitled';
  if (text.length <= TITLE_CHARACTERS) return text;
  return `${text.slice(0, TITLE_CHARACTERS).replace(/\s+\S*$/u, '')}…`;
}
