import type { Alignment, FrameAlignment } from './alignment';

/** How the frames of a kind of socket are written. */
export interface SocketFrames {
  /** `audio`: base64. */
  audio(audio: string, alignment: FrameAlignment): object;
  /** After the last audio of a context. */
  final(): object;
}

/** The frames of the text-to-speech sockets, in camel case. The single socket's frames name no context. */
export function speechFrames(contextId: string | undefined): SocketFrames {
  const context = contextId === undefined ? {} : { contextId };
  return {
    audio: (audio, alignment) => ({ audio, isFinal: null, ...alignment, ...context }),
    final: () => ({ audio: null, isFinal: true, ...context }),
  };
}

/** The frames of the dialogue sockets, in snake case. They have an alignment only if there is one. */
export function dialogueFrames(contextId: string | undefined): SocketFrames & { turnFinal(): object } {
  const context = contextId === undefined ? {} : { context_id: contextId };
  return {
    audio: (audio, { normalizedAlignment: alignment }) => ({ audio, ...(alignment && { alignment: inSnakeCase(alignment) }), ...context }),
    turnFinal: () => ({ is_final_audio_for_turn: true, ...context }),
    final: () => ({ is_final: true, ...context }),
  };
}

function inSnakeCase({ chars, charStartTimesMs, charDurationsMs }: Alignment): object {
  return { chars, char_start_times_ms: charStartTimesMs, char_durations_ms: charDurationsMs };
}
