/** Names the processors register under. */
export const CAPTURE_PROCESSOR = 'parley-capture';
export const PLAYBACK_PROCESSOR = 'parley-playback';

/** What the capture processor sends: 20 ms frames of mono PCM, signed 16-bit, at this rate. */
export const CAPTURE_SAMPLE_RATE_HZ = 16_000;
export const CAPTURE_FRAME_SAMPLES = 320;

/**
 * To the capture processor.
 * - `mute`: while muted the frames hold silence, so that the stream keeps its clock.
 * - `stop`: the last message; the processor sends nothing more and can be collected.
 */
export type CaptureCommand = { readonly type: 'mute'; readonly muted: boolean } | { readonly type: 'stop' };

/** From the capture processor, every 20 ms. `pcm` is transferred and belongs to the receiver; `levelDbfs` is its level (-100 for silence). */
export interface CaptureEvent {
  readonly type: 'frame';
  readonly pcm: ArrayBuffer;
  readonly levelDbfs: number;
}

/** `processorOptions` of the playback node. */
export interface PlaybackOptions {
  /** Rate of the PCM in `audio` messages. */
  readonly sourceRateHz: number;
  /** How much of a turn must have arrived before it starts, in ms. Default 200. */
  readonly startMs?: number;
}

/**
 * To the playback processor. Turn numbers only grow; audio of a turn that was flushed, has ended or was followed by another is dropped.
 * - `audio`: PCM, signed 16-bit, mono, at any offset of its buffer (transfer that); `last` ends the turn, and then `pcm` may be empty.
 * - `flush`: drops the turn: playing (with a short fade), queued and arriving later.
 * - `duck`: plays the turn at a tenth of its volume, or restores it.
 * - `pause`: pauses the turn where it is, or resumes it from there; nothing of it is lost, and what arrives in the meantime waits.
 * - `reset`: forgets everything, so that turns may be numbered from the beginning (a new conversation on the same node). What plays fades out.
 * - `stop`: the last message; what plays fades out, then comes `stopped`, and the processor can be collected.
 */
export type PlaybackCommand =
  | { readonly type: 'audio'; readonly turn: number; readonly pcm: Uint8Array; readonly last: boolean }
  | { readonly type: 'flush'; readonly turn: number }
  | { readonly type: 'duck'; readonly turn: number; readonly active: boolean }
  | { readonly type: 'pause'; readonly turn: number; readonly active: boolean }
  | { readonly type: 'reset' }
  | { readonly type: 'stop' };

/**
 * From the playback processor. `playedMs` counts audio of the turn given to the audio device. A turn that started is closed once, by `ended`
 * or by `flushed`; one flushed before its first audio gets `flushed` with 0.
 * - `progress`: at most every 250 ms.
 * - `underrun`: the turn ran out of audio before its end was known; it continues when there is more.
 * - `level`: of what is played, five times a second, and once when it falls silent.
 * - `stopped`: the last message, when all is silent after `stop`: the node may be disconnected without a click.
 */
export type PlaybackEvent =
  | { readonly type: 'started' | 'progress' | 'ended' | 'flushed'; readonly turn: number; readonly playedMs: number }
  | { readonly type: 'underrun'; readonly turn: number }
  | { readonly type: 'level'; readonly dbfs: number }
  | { readonly type: 'stopped' };
