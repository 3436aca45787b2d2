import { LevelGate } from './level-gate';

/** A gate that has heard three seconds of background at this level. */
function gateOver(backgroundDbfs: number): LevelGate {
  const gate = new LevelGate();
  for (let i = 0; i < 94; i++) gate.push(backgroundDbfs);
  return gate;
}

describe('LevelGate', () => {
  it.each([
    [-50, -43.9, 'open'],
    [-50, -44, 'between'],
    [-50, -47, 'between'],
    [-50, -47.1, 'closed'],
    [-50, -70, 'closed'],
    [-80, -57.9, 'open'],
    [-80, -58, 'between'],
    [-100, -100, 'closed'],
  ])('over a background of %d dBFS, reports a window of %d dBFS as %s', (background, level, expected) => {
    expect(gateOver(background).push(level)).toBe(expected);
  });

  it('requires 12 dB to open while the assistant speaks, and closes as before', () => {
    const gate = gateOver(-50);
    gate.setAssistantSpeaking(true);
    expect(gate.push(-38.1)).toBe('between');
    expect(gate.push(-37.9)).toBe('open');
    expect(gate.push(-47.1)).toBe('closed');
    gate.setAssistantSpeaking(false);
    expect(gate.push(-43.9)).toBe('open');
  });

  it('uses the 20th percentile of the last 94 windows as the floor', () => {
    const gate = gateOver(-70);
    // 75 loud windows leave 19 quiet ones: the floor is the 19th smallest of 94 (counted from 0: number 18).
    for (let i = 0; i < 75; i++) gate.push(-30);
    expect(gate.floorDbfs).toBe(-70);
    gate.push(-30);
    expect(gate.floorDbfs).toBe(-30);
  });

  it('adapts to a louder background within three seconds', () => {
    const gate = gateOver(-70);
    expect(gate.push(-40)).toBe('open');
    for (let i = 0; i < 93; i++) gate.push(-40);
    expect(gate.push(-40)).toBe('closed');
  });

  it('forgets the background on reset, but not that the assistant speaks', () => {
    const gate = gateOver(-30);
    gate.setAssistantSpeaking(true);
    gate.reset();
    expect(gate.floorDbfs).toBe(-100);
    gate.push(-60);
    expect(gate.push(-50)).toBe('between');
  });
});
