import { bytesFromPcm16 } from '@parley/audio';
import { FRAME_MS, FRAME_SAMPLES } from '@parley/protocol';
import { fixture, quietRoom } from '@parley/testing/client';

/** What every session of the bench says repeatedly, and the answer: 1.4 s of speech up and 4 s down in each 10 s. */
export const QUESTION = 'what is seven plus five';
const RECORDING = 'clean-sum.wav';
const CYCLE_MS = 10_000;

/** The tone voice takes 4 s to say it. It begins with a short sentence, as answers do. */
export const ANSWER = 'That makes twelve. Ask me for another sum when you feel like.';

/** One cycle of a session's microphone, in frames. */
export function cycleFrames(): Uint8Array[] {
  const pcm = quietRoom(CYCLE_MS);
  pcm.set(fixture(RECORDING).pcm);
  return Array.from({ length: CYCLE_MS / FRAME_MS }, (_, index) =>
    bytesFromPcm16(pcm.slice(index * FRAME_SAMPLES, (index + 1) * FRAME_SAMPLES)),
  );
}
