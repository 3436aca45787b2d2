import { type EpisodePlan, type EpisodeRequest, segmentStarts } from '@parley/episodes';
import type * as Stored from '@parley/episodes';
import type {
  CreateEpisode,
  Episode,
  EpisodePauses,
  EpisodePlan as WirePlan,
  EpisodePronunciation,
  EpisodeSegment,
  EpisodeSpeaker,
  EpisodeSummary,
  Show,
  ShowDetails,
} from '@parley/protocol';

/** The one place where the words of episodes become those of the wire, and back. */

export function toRequest(body: CreateEpisode): EpisodeRequest {
  const { title, description, script, format, model, purpose, language, seed, segments, pronunciations, pauses } = body;
  return {
    ...{ title, description, script, format, model, purpose, language, seed },
    showId: body.show_id,
    voiceId: body.voice_id,
    settings: body.voice_settings,
    parts: segments?.map(({ text, speaker, voice_id, model: of }) => ({ text, speaker, voiceId: voice_id, model: of })),
    speakers: Object.fromEntries(Object.entries(body.speakers ?? {}).map(([name, speaker]) => [name, toVoice(speaker)])),
    pronunciations: pronunciations?.map(toStoredPronunciation),
    pauses: pauses && {
      betweenSegmentsMs: pauses.between_segments_ms,
      betweenSpeakersMs: pauses.between_speakers_ms,
      beforeChapterMs: pauses.before_chapter_ms,
    },
  };
}

export function toPlan({ problems, episode, estimate, speakers }: EpisodePlan): WirePlan {
  return {
    title: episode.title,
    problems,
    speakers,
    chapters: episode.chapters.map(({ title }) => title),
    segments: episode.segments.length,
    characters: estimate.characters,
    billed_characters: estimate.billedCharacters,
    estimated_ms: estimate.durationMs,
    model: episode.model,
  };
}

export function toSummary(episode: Stored.EpisodeSummary): EpisodeSummary {
  const { id, title, description, showId, status, progress, createdAtMs, updatedAtMs, output, error } = episode;
  return {
    ...{ id, title, description, show_id: showId, state: status, error },
    progress: { done: progress.done, total: progress.total },
    created_at: new Date(createdAtMs).toISOString(),
    updated_at: new Date(updatedAtMs).toISOString(),
    duration_ms: output?.durationMs,
  };
}

export function toEpisode(episode: Stored.Episode, segments: readonly Stored.Segment[]): Episode {
  const { version, script, format, model, seed, progress, output, speakers, pronunciations, pauses, chapters, firstAudioMs } = episode;
  const starts = segmentStarts(segments);
  return {
    ...toSummary(episode),
    ...{ version, script, format, model, seed },
    speakers: Object.fromEntries(Object.entries(speakers).map(([name, voice]) => [name, toSpeaker(voice)])),
    pronunciations: pronunciations.map(({ word, say, alphabet }): EpisodePronunciation => {
      return alphabet === 'ipa' ? { word, ipa: say } : { word, spelling: say };
    }),
    pauses: toPauses(pauses),
    segments: segments.map((segment, i) => toSegment(segment, starts[i])),
    chapters: chapters.map(({ title, segment, startMs }) => ({ title, segment, start_ms: startMs })),
    output: output && toOutput(output),
    metrics: {
      characters: segments.reduce((sum, { text }) => sum + [...text].length, 0),
      billed_characters: progress.billedCharacters,
      cache_hits: progress.cacheHits,
      retries: progress.retries,
      fallbacks: progress.fallbacks,
      first_audio_ms: firstAudioMs,
    },
  };
}

export function toSegment(segment: Stored.Segment, startMs?: number): EpisodeSegment {
  const { id, index, text, speaker, voiceId, model, status, position, durationMs, billedCharacters, cached, error } = segment;
  return {
    ...{ id, index, text, speaker, voice_id: voiceId, model, line: position.line },
    state: status === 'claimed' ? 'rendering' : status,
    start_ms: startMs,
    duration_ms: durationMs,
    billed_characters: billedCharacters,
    ...{ cached, error },
  };
}

export const toOutput = ({ durationMs, loudnessLufs, truePeakDbtp, bytesWav, bytesMp3 }: Stored.EpisodeOutput): Episode['output'] => ({
  duration_ms: durationMs,
  loudness_lufs: rounded(loudnessLufs),
  true_peak_dbtp: rounded(truePeakDbtp),
  files: [
    ...(bytesWav === undefined ? [] : [{ format: 'wav' as const, bytes: bytesWav }]),
    ...(bytesMp3 === undefined ? [] : [{ format: 'mp3' as const, bytes: bytesMp3 }]),
  ],
});

/** More is not measured. */
const rounded = (decibels: number): number => Math.round(decibels * 100) / 100;

export function toShow(show: Stored.Show): Show {
  const { id, createdAtMs, episodes, title, description, author, language, imageUrl, link, category, explicit } = show;
  const details = { title, description, author, language, image_url: imageUrl, link, category, explicit };
  return { id, ...details, created_at: new Date(createdAtMs).toISOString(), episodes };
}

export function toShowDetails(body: ShowDetails): Stored.ShowDetails {
  const { title, description, author, language, image_url, link, category, explicit } = body;
  return {
    ...{ title, description, author, language },
    ...(image_url !== undefined && { imageUrl: image_url }),
    ...(link !== undefined && { link }),
    ...(category !== undefined && { category }),
    ...(explicit !== undefined && { explicit }),
  };
}

function toStoredPronunciation({ word, spelling, ipa }: EpisodePronunciation): Stored.EpisodePronunciation {
  return ipa === undefined ? { word, say: spelling ?? '', alphabet: 'spelling' } : { word, say: ipa, alphabet: 'ipa' };
}

const toVoice = ({ voice_id, voice_settings }: EpisodeSpeaker): Stored.EpisodeVoice => ({
  voiceId: voice_id,
  ...(voice_settings && { settings: voice_settings }),
});

const toSpeaker = ({ voiceId, settings }: Stored.EpisodeVoice): EpisodeSpeaker => ({
  voice_id: voiceId,
  ...(settings && { voice_settings: settings }),
});

const toPauses = ({ betweenSegmentsMs, betweenSpeakersMs, beforeChapterMs }: Stored.EpisodePauses): EpisodePauses => ({
  between_segments_ms: betweenSegmentsMs,
  between_speakers_ms: betweenSpeakersMs,
  before_chapter_ms: beforeChapterMs,
});
