import type { CheckedScript } from '@parley/angular/studio';
import { countCharacters, cutSegments, parseScript, speechDurationMs } from '@parley/narration';

/** Checks a script with the parser of the server. Every speaker that is found gets a voice; names in small letters have to be known before. */
export function checkScript(source: string, speakers: readonly string[]): CheckedScript {
  const found = parseScript(source, { speakers }).speakers;
  const script = parseScript(source, { speakers: [...new Set([...speakers, ...found])] });
  const { segments, chapters } = cutSegments(script.elements);
  return {
    problems: script.problems,
    ...(script.title !== undefined && { title: script.title }),
    speakers: script.speakers,
    chapters: chapters.map(({ title }) => title),
    segments: segments.length,
    characters: segments.reduce((sum, { text }) => sum + countCharacters(text), 0),
    durationMs: segments.reduce((sum, { text, pauseBeforeMs }) => sum + speechDurationMs(text) + pauseBeforeMs, 0),
  };
}
