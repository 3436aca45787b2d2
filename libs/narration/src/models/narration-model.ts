/** A model of a provider, as far as it decides what the model can be used for. */
export interface NarrationModel {
  id: string;
  name: string;
  /** The most characters of one request. */
  maxCharacters: number;
  /** Whether it takes text piece by piece over the plain sockets. */
  streamsText: boolean;
  /** Whether it speaks dialogue of several voices. */
  speaksDialogue: boolean;
  languages: readonly string[];
  /** Billed characters per character. */
  costFactor: number;
}

/** What a narration is for. `balanced` is between early audio and expression. */
export type NarrationPurpose = 'live' | 'balanced' | 'expressive' | 'prerendered' | 'multispeaker';

/** The way a model is asked: text piece by piece over a socket, dialogue of several voices, or a whole text over HTTP. */
export type ModelUse = 'stream' | 'dialogue' | 'segment';

export const NARRATION_PURPOSES: readonly NarrationPurpose[] = ['live', 'balanced', 'expressive', 'prerendered', 'multispeaker'];
