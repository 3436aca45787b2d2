import { childrenOf, corrupt, Id, RecordingError, uintOf } from './ebml';

/** The audio track of a recording. */
export interface OpusTrack {
  number: number;
  /** Number of samples at 48 kHz that the decoder outputs first and that must be discarded. */
  preSkip48k: number;
}

const AUDIO = 2;
const OPUS_HEAD_BYTES = 19;
const PRE_SKIP_AT = 10;
const FAMILY_AT = 18;
const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Returns the first Opus track. @throws RecordingError when there is none that can be decoded. */
export function opusTrackOf(tracks: Uint8Array): OpusTrack {
  for (const { id, body } of childrenOf(tracks)) {
    const track = id === Id.trackEntry ? readTrack(body) : undefined;
    if (track) return track;
  }
  throw unsupported();
}

function readTrack(entry: Uint8Array): OpusTrack | undefined {
  const fields = new Map([...childrenOf(entry)].map(({ id, body }) => [id, body]));
  const number = fields.get(Id.trackNumber);
  const codec = fields.get(Id.codecId);
  const type = fields.get(Id.trackType);
  if (number === undefined || codec === undefined || type === undefined) throw corrupt();
  if (uintOf(type) !== AUDIO || latin1(codec) !== 'A_OPUS') return undefined;
  const head = fields.get(Id.codecPrivate);
  // The track is encrypted or compressed, or has more than two channels.
  if (fields.has(Id.contentEncodings) || !head || !isOpusHead(head)) throw unsupported();
  return { number: uintOf(number), preSkip48k: head[PRE_SKIP_AT] + 256 * head[PRE_SKIP_AT + 1] };
}

const isOpusHead = (head: Uint8Array): boolean =>
  head.length >= OPUS_HEAD_BYTES && latin1(head.subarray(0, 8)) === 'OpusHead' && head[8] < 16 && head[FAMILY_AT] === 0;

const unsupported = (): RecordingError =>
  new RecordingError('unsupported_format', 'Of WebM recordings this server takes those with Opus, mono or stereo.');
