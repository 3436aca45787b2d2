import { FRAME_MS, FRAME_SAMPLES } from '@parley/engine';
import { levelOf } from '../audio/level';

/** One frame of one person's microphone (20 ms, 16 kHz, mono). */
export interface PersonFrame {
  identity: string;
  pcm: Int16Array;
}

/** The frame for the conversation, and who is heard in it. */
export interface SelectedFrame {
  pcm: Int16Array;
  /** Who speaks in it, the one who holds the floor first. */
  speakers: readonly string[];
}

/** Sound of this length is a voice: shorter ones are clicks. */
const VOICE_AFTER_MS = 60;
/** Whoever is silent for this long has stopped speaking; shorter gaps lie between words. */
const SILENCE_AFTER_MS = 300;
/** Whoever holds the floor keeps it for a pause of this length. */
const FLOOR_KEPT_MS = 600;
/** Sound is a voice if it is this much louder than the quietest of the last seconds, and not nearly silent. */
const ABOVE_NOISE = 3;
const MIN_VOICE_LEVEL = 150;
const MIN_NOISE_LEVEL = 50;
/** How fast the noise that is assumed rises while it is louder than assumed, per frame. It falls at once. */
const NOISE_RISE = 1.005;
const MAX_NOISE_LEVEL = 1_500;

interface Person {
  noise: number;
  /** For how long sound has gone on. */
  voicedMs: number;
  /** For how long it has been silent. */
  silentMs: number;
  isSpeaking: boolean;
}

const SILENCE = new Int16Array(FRAME_SAMPLES);

/**
 * Decides whose sound a conversation hears. While nobody speaks that is everybody, so that no first syllable is lost. Whoever begins to
 * speak holds the floor until a pause: the noise of all others is left out, but their voices are mixed in. Pure: the same frames give the
 * same result.
 */
export class SpeakerSelector {
  private readonly people = new Map<string, Person>();
  private floor: string | undefined;

  /** Who holds the floor. */
  get holder(): string | undefined {
    return this.floor;
  }

  /** The next 20 ms: at most one frame of each person. Whoever is muted or has left has none. */
  select(frames: readonly PersonFrame[]): SelectedFrame {
    for (const { identity, pcm } of frames) this.listen(identity, levelOf(pcm));
    // Whoever sends nothing is silent.
    for (const identity of this.people.keys()) if (!frames.some((frame) => frame.identity === identity)) this.listen(identity, 0);
    this.passFloor();
    const speakers = frames.filter(({ identity }) => this.people.get(identity)?.isSpeaking).map(({ identity }) => identity);
    const ordered = speakers.sort((one, other) => Number(other === this.floor) - Number(one === this.floor));
    const isHeard = ({ identity }: PersonFrame): boolean =>
      this.floor === undefined || identity === this.floor || ordered.includes(identity);
    return { pcm: mixed(frames.filter(isHeard)), speakers: ordered };
  }

  /** The person has left or is muted, also in the middle of a sentence. */
  remove(identity: string): void {
    this.people.delete(identity);
    if (this.floor === identity) this.floor = undefined;
  }

  private listen(identity: string, level: number): void {
    const before = this.people.get(identity) ?? { noise: MAX_NOISE_LEVEL, voicedMs: 0, silentMs: SILENCE_AFTER_MS, isSpeaking: false };
    const noise = Math.min(Math.max(level, MIN_NOISE_LEVEL), before.noise * NOISE_RISE, MAX_NOISE_LEVEL);
    const isSound = level > Math.max(MIN_VOICE_LEVEL, noise * ABOVE_NOISE);
    const voicedMs = isSound ? before.voicedMs + FRAME_MS : 0;
    const silentMs = isSound ? 0 : before.silentMs + FRAME_MS;
    const isSpeaking = voicedMs >= VOICE_AFTER_MS || (before.isSpeaking && silentMs < SILENCE_AFTER_MS);
    this.people.set(identity, { noise, voicedMs, silentMs, isSpeaking });
  }

  private passFloor(): void {
    const holder = this.floor === undefined ? undefined : this.people.get(this.floor);
    if (holder?.isSpeaking) return;
    const isKept = holder !== undefined && holder.silentMs < FLOOR_KEPT_MS;
    this.floor = this.loudest() ?? (isKept ? this.floor : undefined);
  }

  /** Whoever has been speaking for longest. */
  private loudest(): string | undefined {
    const speaking = [...this.people].filter(([, { isSpeaking }]) => isSpeaking);
    return speaking.sort(([, one], [, other]) => other.voicedMs - one.voicedMs)[0]?.[0];
  }
}

function mixed(frames: readonly PersonFrame[]): Int16Array {
  const [first, ...others] = frames;
  if (first === undefined) return SILENCE;
  if (others.length === 0) return first.pcm;
  const sum = first.pcm.slice();
  for (const { pcm } of others) {
    for (let index = 0; index < sum.length; index++) {
      sum[index] = Math.max(-32_768, Math.min(32_767, (sum[index] ?? 0) + (pcm[index] ?? 0)));
    }
  }
  return sum;
}
