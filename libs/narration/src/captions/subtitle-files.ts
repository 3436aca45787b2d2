import { type Cue } from './cue';

/** A WebVTT file (W3C) with the speakers as voice spans, and the times of words where they are known. */
export function toWebVtt(cues: readonly Cue[]): string {
  const blocks = cues.map((cue) => {
    const { startMs, endMs, speaker } = cue;
    const voice = speaker === undefined ? '' : `<v ${escapeVtt(oneLine(speaker))}>`;
    return `${time(startMs, '.')} --> ${time(endMs, '.')}\n${voice}${vttLines(cue).join('\n')}\n`;
  });
  return ['WEBVTT\n', ...blocks].join('\n');
}

/** A timestamp within a cue must be later than those before it, and than the beginning of the cue, and earlier than its end. */
function vttLines({ startMs, endMs, lines, wordTimes }: Cue): string[] {
  let latestMs = Math.round(startMs);
  return lines.map((line, index) => {
    let text = '';
    let from = 0;
    for (const { at, startMs: wordMs } of wordTimes?.[index] ?? []) {
      const ms = Math.round(wordMs);
      if (ms <= latestMs || ms >= Math.round(endMs)) continue;
      text += `${escapeVtt(line.slice(from, at))}<${time(ms, '.')}>`;
      from = at;
      latestMs = ms;
    }
    return wordTimes ? text + escapeVtt(line.slice(from)) : escapeVtt(oneLine(line));
  });
}

/** A SubRip file. The speaker is named where it changes, if there is more than one. */
export function toSrt(cues: readonly Cue[]): string {
  const isDialogue = new Set(cues.map(({ speaker }) => speaker)).size > 1;
  return cues
    .map(({ startMs, endMs, lines, speaker }, index) => {
      const isNamed = isDialogue && speaker !== undefined && speaker !== cues[index - 1]?.speaker;
      const text = lines.map((line) => oneLine(line).replaceAll('-->', '→')).join('\n');
      return `${index + 1}\n${time(startMs, ',')} --> ${time(endMs, ',')}\n${isNamed ? `${oneLine(speaker)}: ` : ''}${text}\n`;
    })
    .join('\n');
}

/** "-->" cannot be in a cue; as ">" is escaped, it never is. */
const escapeVtt = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A line break would end the line, and an empty line the cue. */
const oneLine = (text: string): string => text.replace(/\s+/gu, ' ').trim();

/** `hh:mm:ss.mmm` */
function time(ms: number, separator: '.' | ','): string {
  const whole = Math.max(0, Math.round(ms));
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [Math.floor(whole / 3_600_000), Math.floor(whole / 60_000) % 60, Math.floor(whole / 1_000) % 60].map(two).join(':');
  return `${clock}${separator}${String(whole % 1_000).padStart(3, '0')}`;
}
