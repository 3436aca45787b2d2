/** What the dispatch of an assistant says about its conversation. JSON in the metadata of the job, and of the room. */
export interface JobMetadata {
  engine: 'pipeline' | 'agent';
  /** BCP 47 tag, e.g. `hi-IN`. */
  language?: string;
  /** The id of the voice at its provider. */
  voiceId?: string;
  /** Whether the assistant answers only turns that contain its name. */
  onlyWhenAddressed: boolean;
  /** What people call the assistant. */
  assistantName: string;
}

const DEFAULT_NAME = 'Parley';
const MAX_LENGTH = 128;

/**
 * Reads the metadata of a job. Whatever is missing or makes no sense has its default: an assistant that is not quite as asked for is better
 * than none.
 */
export function parseJobMetadata(text: string): JobMetadata {
  const fields = fieldsOf(text);
  const language = textOf(fields['language']);
  const voiceId = textOf(fields['voiceId']);
  return {
    engine: fields['engine'] === 'agent' ? 'agent' : 'pipeline',
    onlyWhenAddressed: fields['onlyWhenAddressed'] === true,
    assistantName: textOf(fields['assistantName']) ?? DEFAULT_NAME,
    ...(language !== undefined && { language }),
    ...(voiceId !== undefined && { voiceId }),
  };
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || text.length > MAX_LENGTH ? undefined : text;
}
