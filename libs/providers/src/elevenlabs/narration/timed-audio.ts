import type { CharacterAlignment } from '../../ports/text-to-speech';
import { asNumber, asObject, asString, type JsonObject } from '../../shared/json';

/** Which line of a dialogue is spoken from when on. */
export interface VoiceSegment {
  line: number;
  startMs: number;
}

/** A piece of audio of an answer over HTTP, in the units of the sockets. */
export interface TimedAudio {
  bytes: Uint8Array;
  alignment: CharacterAlignment | undefined;
  segments: VoiceSegment[];
}

const MOST_SEGMENTS = 1_000;

/** Reads one object of an answer with timestamps, which has seconds and end times. Returns undefined if it has no audio field. */
export function readTimedAudio(message: JsonObject): TimedAudio | undefined {
  const audio = asString(message['audio_base64']);
  const alignment = readAlignment(message['alignment']) ?? readAlignment(message['normalized_alignment']);
  if (audio === undefined && alignment === undefined) return undefined;
  return { bytes: Buffer.from(audio ?? '', 'base64'), alignment, segments: readSegments(message['voice_segments']) };
}

function readAlignment(value: unknown): CharacterAlignment | undefined {
  const alignment = asObject(value);
  const chars = strings(alignment?.['characters']);
  const startMs = milliseconds(alignment?.['character_start_times_seconds']);
  const endMs = milliseconds(alignment?.['character_end_times_seconds']);
  if (!chars || !startMs || !endMs || chars.length === 0) return undefined;
  if (startMs.length !== chars.length || endMs.length !== chars.length) return undefined;
  return { chars, startMs, durationMs: endMs.map((ms, index) => Math.max(0, ms - (startMs[index] ?? ms))) };
}

function readSegments(value: unknown): VoiceSegment[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, MOST_SEGMENTS).flatMap((entry) => {
    const line = asNumber(asObject(entry)?.['dialogue_input_index']);
    const startSeconds = asNumber(asObject(entry)?.['start_time_seconds']);
    return line === undefined || startSeconds === undefined ? [] : [{ line, startMs: startSeconds * 1000 }];
  });
}

const strings = (value: unknown): string[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;

const milliseconds = (value: unknown): number[] | undefined =>
  Array.isArray(value) && value.every((item) => typeof item === 'number') ? value.map((seconds) => seconds * 1000) : undefined;
