import { join } from 'node:path';
import { OUTPUT_DIR } from './paths';

/**
 * A recording, placed so that its first word (or, without words, its beginning) comes at this time of the microphone's recording, in ms.
 */
export interface Utterance {
  readonly atMs: number;
  readonly file: string;
}

/**
 * A browser's microphone starts with the first capture, and the conversation a little later, so nobody speaks before this time.
 * Long enough for a slow machine to connect, short enough to wait for.
 */
const LEAD_MS = 2_500;

const askTime: Utterance = { atMs: LEAD_MS, file: 'clean-time.wav' };
const askJoke: Utterance = { atMs: LEAD_MS, file: 'clean-joke.wav' };
const askStory: Utterance = { atMs: LEAD_MS, file: 'clean-story.wav' };

/** What the visitors of the tests say, and when. */
export const MICROPHONES = {
  silent: [],
  time: [askTime],
  joke: [askJoke],
  /** The story starts about 2.5 s after it was asked for, so this is about 6 s into it. */
  interruptedStory: [askStory, { atMs: LEAD_MS + 9_500, file: 'interrupt-else.wav' }],
  /** Listens to a story that was asked for in writing: three back-channels and then an interruption. */
  listener: [
    { atMs: LEAD_MS + 3_000, file: 'backchannel-okay.wav' },
    { atMs: LEAD_MS + 6_500, file: 'backchannel-right.wav' },
    { atMs: LEAD_MS + 10_000, file: 'backchannel-uhhuh.wav' },
    { atMs: LEAD_MS + 13_500, file: 'interrupt-else.wav' },
  ],
  /** Waits for an agent's greeting, asks it for the time, and interrupts the story that was asked for in writing meanwhile. */
  agentsVisitor: [
    { ...askTime, atMs: LEAD_MS + 2_500 },
    { atMs: LEAD_MS + 15_500, file: 'interrupt-else.wav' },
  ],
  /** A room with noises but no speech. */
  noises: [
    { atMs: LEAD_MS + 1_500, file: 'burst-cough.wav' },
    { atMs: LEAD_MS + 4_500, file: 'burst-click.wav' },
    { atMs: LEAD_MS + 7_500, file: 'burst-keyboard.wav' },
    { atMs: LEAD_MS + 10_500, file: 'burst-slam.wav' },
  ],
  /** Speaks as soon as the microphone is open. */
  hasty: [{ ...askTime, atMs: 200 }],
  /** Speaks while the connection is lost. */
  lateJoke: [{ ...askJoke, atMs: LEAD_MS + 4_000 }],
  /** A story, interrupted ten times by asking for it again, each time some 3 to 5 s into it and at another place of its words. */
  bargeIns: Array.from({ length: 11 }, (_, i): Utterance => ({ ...askStory, atMs: LEAD_MS + i * 6_500 + i * i * 23 })),
  /** Time to press a button before the first; far enough apart to show that the first was not heard before the second is said. */
  timeThenJoke: [
    { ...askTime, atMs: LEAD_MS + 1_000 },
    { ...askJoke, atMs: LEAD_MS + 7_000 },
  ],
} as const satisfies Record<string, readonly Utterance[]>;

export type MicrophoneName = keyof typeof MICROPHONES;

/** The WAV file that a browser uses as its microphone; written by the global setup. */
export const microphoneFile = (name: MicrophoneName): string => join(OUTPUT_DIR, 'microphones', `${name}.wav`);
