import type { TurnVerdict } from '@parley/conversation';

/** A turn of the user that has ended, with its final words. */
export interface EndedTurn {
  turn: number;
  text: string;
  /**
   * When it was spoken, from its first to its last voiced sample, in ms of audio since the conversation began. Undefined if it was only
   * typed, or if the engine does not know it.
   */
  heard?: { fromMs: number; toMs: number } | undefined;
}

/** The people who share a conversation and its microphone. Neither member may throw or take time. */
export interface Audience {
  /** The name of whoever is speaking now. Undefined if nobody is, or if it is not known. Read with every frame of audio. */
  readonly speaker: string | undefined;
  /**
   * Asked once for each turn, when its final words are known and before its final transcript is told. A turn that is not answered is
   * remembered, with the name of its speaker, and it is the users’ turn again.
   */
  judge(turn: EndedTurn): TurnVerdict;
}
