import { silence, tone } from '../testing/test-audio';
import { SpeechSegmenter } from './speech-segmenter';

const SETTINGS = { minSpeechMs: 100, silenceMs: 300, threshold: 0.3 };

function segment(chunks: readonly Int16Array[], settings = SETTINGS): { events: string[]; audioMs: number[] } {
  const events: string[] = [];
  const audioMs: number[] = [];
  const segmenter = new SpeechSegmenter(settings, 200, {
    onStart: (startMs) => {
      events.push(`start ${startMs}`);
      audioMs.push(0);
    },
    onAudio: (pcm) => (audioMs[audioMs.length - 1] = (audioMs.at(-1) ?? NaN) + pcm.length / 16),
    onEnd: () => events.push('end'),
  });
  for (const chunk of chunks) for (let from = 0; from < chunk.length; from += 123) segmenter.push(chunk.slice(from, from + 123));
  return { events, audioMs };
}

function hiss(durationMs: number, amplitude: number): Int16Array {
  return Int16Array.from({ length: durationMs * 16 }, (_, i) => Math.round(amplitude * Math.sin(i * i)));
}

describe('the level-based segmenter', () => {
  it('finds each stretch of speech, and includes some audio from before it', () => {
    const { events, audioMs } = segment([silence(1000), tone(500), silence(600), tone(300), silence(600)]);
    expect(events).toEqual(['start 800', 'end', 'start 1900', 'end']);
    // The audio before it, the speech itself, and the silence that ended it.
    expect(audioMs).toEqual([200 + 500 + 300, 200 + 300 + 300]);
  });

  it('ignores speech that is too short, and does not end at a short pause', () => {
    expect(segment([silence(500), tone(80), silence(600)]).events).toEqual([]);
    expect(segment([silence(500), tone(300), silence(200), tone(300), silence(600)]).events).toEqual(['start 300', 'end']);
  });

  it('adapts to a steady noise and detects speech over it', () => {
    const noise = hiss(400, 200);
    const noisy = tone(400).map((sample, i) => sample + (noise[i] ?? 0));
    expect(segment([hiss(3000, 200)]).events).toEqual([]);
    expect(segment([hiss(3000, 200), noisy, hiss(1000, 200)]).events).toEqual(['start 2800', 'end']);
  });

  it('starts at once when the stream begins with speech', () => {
    expect(segment([tone(300), silence(400)]).events).toEqual(['start 0', 'end']);
  });
});
