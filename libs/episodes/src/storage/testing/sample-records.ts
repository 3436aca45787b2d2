import type { NewEpisode, ReplacedScript } from '../episode-store';
import type { SegmentContent, ShowDetails } from '../records';

export const sampleShow: ShowDetails = {
  title: 'Über alles Mögliche — 日本語 "quoted"',
  description: "It's about everything; DROP TABLE shows; --",
  author: 'Somebody',
  language: 'en-IN',
  link: 'https://example.com/?a=1&b=2',
  explicit: false,
};

export function sampleSegment(text: string, rest: Partial<SegmentContent> = {}): SegmentContent {
  return { text, voiceId: 'parley-clara', model: 'eleven_v3', pauseBeforeMs: 400, position: { line: 1, column: 1 }, ...rest };
}

export function sampleScript(segments = 3): ReplacedScript {
  return {
    format: 'screenplay',
    script: 'HOST: Hello.\nGUEST: Hi 👋.\n',
    speakers: { HOST: { voiceId: 'parley-clara', settings: { stability: 0.5, speed: 1.1 } }, GUEST: { voiceId: 'parley-ray' } },
    voice: { voiceId: 'parley-clara' },
    model: 'eleven_v3',
    purpose: 'multispeaker',
    language: 'en',
    seed: 4_294_967_295,
    pronunciations: [{ word: 'SQL', say: 'sequel', alphabet: 'spelling' }],
    pauses: { betweenSpeakersMs: 300 },
    chapters: [{ title: 'Beginning', segment: 0 }],
    segments: Array.from({ length: segments }, (_, i) => sampleSegment(`Text ${i}.`, { speaker: i % 2 ? 'GUEST' : 'HOST', chapter: 0 })),
  };
}

export function sampleEpisode(segments = 3, rest: Partial<NewEpisode> = {}): NewEpisode {
  return { title: 'An episode', description: 'Two voices.', ...sampleScript(segments), ...rest };
}
