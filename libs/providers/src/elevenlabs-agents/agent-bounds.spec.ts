import { AgentBounds } from './agent-bounds';
import type { AgentFrame } from './agent-frame';

const FORMAT = { encoding: 'pcm', sampleRateHz: 16_000 } as const;
/** A piece of audio that lasts about ten seconds. */
const AUDIO: AgentFrame = { type: 'audio', base64: 'A'.repeat(426_667), eventId: 1, alignment: undefined };
const INTERRUPTION: AgentFrame = { type: 'interruption', eventId: 1 };
const part = (length: number): AgentFrame => ({ type: 'reply_part', text: 'x'.repeat(length), eventId: 1 });
const whole = (type: 'reply' | 'transcript', length: number): AgentFrame =>
  type === 'reply' ? { type, text: 'x'.repeat(length), eventId: 1 } : { type, text: 'x'.repeat(length), eventId: 1, isFinal: true };

/** Returns how many of `count` such frames are accepted when they all arrive at the same moment. */
const taken = (bounds: AgentBounds, frame: AgentFrame, nowMs: number, count: number): number =>
  Array.from({ length: count }, () => bounds.takes(frame, FORMAT, nowMs)).filter(Boolean).length;

describe('AgentBounds', () => {
  it('accepts several minutes of audio sent at once, but no more than that', () => {
    expect(taken(new AgentBounds(), AUDIO, 0, 100)).toBe(29);
  });

  it('accepts any amount of audio as long as it arrives at the speed of speech', () => {
    const bounds = new AgentBounds();
    for (let i = 0; i < 400; i += 1) expect(bounds.takes(AUDIO, FORMAT, i * 10_000)).toBe(true);
  });

  it('no longer counts audio that was interrupted', () => {
    const bounds = new AgentBounds();
    taken(bounds, AUDIO, 0, 29);
    bounds.takes(INTERRUPTION, FORMAT, 0);
    expect(bounds.takes(AUDIO, FORMAT, 0)).toBe(true);
  });

  it('rejects a reply, a transcript or a series of reply parts that never ends', () => {
    for (const type of ['reply', 'transcript'] as const) {
      expect(new AgentBounds().takes(whole(type, 50_000), FORMAT, 0)).toBe(true);
      expect(new AgentBounds().takes(whole(type, 50_001), FORMAT, 0)).toBe(false);
    }
    const bounds = new AgentBounds();
    expect(taken(bounds, part(1_000), 0, 100)).toBe(50);
    bounds.takes(whole('reply', 10), FORMAT, 0);
    expect(bounds.takes(part(1_000), FORMAT, 0)).toBe(true);
  });
});
