export interface SupervisedParticipant {
  identity: string;
  /** A participant of the media server's kind AGENT. */
  isAssistant: boolean;
  /** One for whom the assistant is there; neither an assistant nor a recorder. */
  isPerson: boolean;
  /** Unix time, by the media server's clock. */
  joinedAtMs: number;
}

/** What the supervisor needs of the media server. Any call may reject, or take as long as it likes. */
export interface SupervisedRooms {
  /** Names of all rooms that exist and are to have an assistant. */
  rooms(): Promise<readonly string[]>;
  /** Who is in the room. Empty if there is no such room. */
  participantsIfAny(room: string): Promise<readonly SupervisedParticipant[]>;
  /** Rejects or resolves if there is no such participant. */
  removeParticipant(room: string, identity: string): Promise<void>;
  /** Has an assistant sent to the room, which takes a second or so. It need not come. */
  dispatchAgent(room: string): Promise<void>;
}
