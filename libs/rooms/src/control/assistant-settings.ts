import type { JoinRoom } from '@parley/protocol';

/** What the assistant of a room is to be like. It goes to the worker as the metadata of the dispatch, and is kept as the metadata of the room. */
export interface AssistantSettings {
  engine: 'pipeline' | 'agent';
  /** BCP-47. */
  language?: string;
  voiceId?: string;
  /** Whether it answers only when it is called by its name. */
  onlyWhenAddressed?: boolean;
  assistantName: string;
}

/** The settings that whoever makes a room asks for. */
export function assistantSettings(request: Omit<JoinRoom, 'identity'>, assistantName: string): AssistantSettings {
  const { engine = 'pipeline', language, voice_id: voiceId, only_when_addressed: onlyWhenAddressed } = request;
  return {
    ...{ engine, assistantName },
    ...(language !== undefined && { language }),
    ...(voiceId !== undefined && { voiceId }),
    ...(onlyWhenAddressed !== undefined && { onlyWhenAddressed }),
  };
}

/** Whether the metadata of a room are such settings: a room that others made on the same media server has none, and gets no assistant. */
export function isWithAssistant(metadata: string): boolean {
  try {
    const settings: unknown = JSON.parse(metadata);
    return typeof settings === 'object' && settings !== null && 'engine' in settings && 'assistantName' in settings;
  } catch {
    return false;
  }
}
