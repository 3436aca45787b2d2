import { type SourceLine } from './source-lines';

/** `HOST: text`, also in bold (`**HOST:** text`) and with a direction (`HOST (softly): text`), which is not spoken. */
const CUE =
  /^([^\S\n]*(?:\*\*|__)?)([\p{L}\p{N}][\p{L}\p{M}\p{N} .'’_&-]{0,39}?)(?:\s*\([^)\n]{0,60}\))?\s*(?::(?:\*\*|__)?|(?:\*\*|__):|：)(.*)$/u;

export interface CueLine {
  speaker: string;
  /** Where the name stands. */
  offset: number;
  /** What follows in the line. */
  rest: SourceLine;
}

/** Recognises the line that a speaker begins. Names in lower case count only if `isSpeaker` knows them, because prose has colons too. */
export function cueLine({ text, offset }: SourceLine, isSpeaker: (name: string) => boolean): CueLine | undefined {
  const match = CUE.exec(text);
  if (!match) return undefined;
  const [, before = '', name = '', after = ''] = match;
  const isAscii = text.charAt(text.length - after.length - 1) !== '：';
  if (isAscii && after !== '' && !/^\s/u.test(after)) return undefined;
  if (/\p{Ll}/u.test(name) ? !isSpeaker(name) : !/\p{L}/u.test(name)) return undefined;
  return { speaker: name.trim(), offset: offset + before.length, rest: { text: after, offset: offset + text.length - after.length } };
}
