import { oversized } from './oversized';

const MIB = 1024 * 1024;

describe('oversized', () => {
  it('keeps the shape of a message and repeats its longest text', () => {
    const long: unknown = JSON.parse(
      String(oversized(JSON.stringify({ event: 'transcript.partial', utterance_idx: 2, text: 'what time is it now?' }))),
    );
    expect(long).toEqual({ event: 'transcript.partial', utterance_idx: 2, text: expect.stringMatching(/^(what time is it now\?)+$/) });
    expect(JSON.stringify(long).length).toBeGreaterThan(5 * MIB);
  });

  it('keeps one event of a stream as one event', () => {
    const event = String(oversized(`data: ${JSON.stringify({ choices: [{ delta: { content: 'a longer word' } }] })}\n\n`));
    expect(event).toMatch(/^data: \{"choices".*\}\n\n$/);
    expect(event.split('\n')).toHaveLength(3);
    expect(event.length).toBeGreaterThan(5 * MIB);
  });

  it('repeats a short piece of audio until it lasts minutes', () => {
    expect(oversized(Buffer.alloc(1_000, 7)).length).toBeGreaterThan(5 * MIB);
    expect(oversized(Buffer.alloc(1_000, 7)).slice(-1)).toEqual(Buffer.of(7));
  });
});
