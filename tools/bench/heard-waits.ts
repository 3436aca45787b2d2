/** 10 ms of a page's audio. */
interface Block {
  atMs: number;
  captured: number;
  playedAtMs?: number;
}

/** The end of a question at the page's microphone, and the first sample played after it, in ms on the same clock. */
export interface HeardWait {
  voicedEndMs: number;
  playedAtMs: number;
}

const BLOCK_MS = 10;
/** RMS between a room's noise and a voice. */
const VOICE_RMS = 10 ** (-50 / 20);
/** As in the fixtures' manifest: speech ends with the last 10 ms within 38 dB of the loudest. */
const WITHIN = 10 ** (-38 / 20);
/** Pauses within a question are shorter than this, and those between questions longer. In ms. */
const PAUSE_MS = 1_500;

/** Every question after which something was played before the next one. */
export function heardWaits(blocks: readonly Block[]): HeardWait[] {
  const questions: Block[][] = [];
  for (const block of blocks.filter(({ captured }) => captured > VOICE_RMS)) {
    const question = questions.at(-1);
    if (question && block.atMs - (question.at(-1)?.atMs ?? 0) <= PAUSE_MS) question.push(block);
    else questions.push([block]);
  }
  return questions.flatMap((question, index) => {
    const loudest = Math.max(...question.map(({ captured }) => captured));
    const voicedEndMs = (question.findLast(({ captured }) => captured > loudest * WITHIN)?.atMs ?? 0) + BLOCK_MS;
    const nextMs = questions[index + 1]?.[0]?.atMs ?? Infinity;
    const played = blocks.find(({ playedAtMs }) => playedAtMs !== undefined && playedAtMs > voicedEndMs && playedAtMs < nextMs);
    return played?.playedAtMs === undefined ? [] : [{ voicedEndMs, playedAtMs: played.playedAtMs }];
  });
}
