import type { AgentEventName, AgentFrame } from './agent-frames';

/** Something that frames are sent through: the socket, or the fault scope of one turn on it. */
export interface FrameSink {
  send(data: string, options?: { isAudio?: boolean }): void;
}

/** Numbers and sends one conversation's events, but only the kinds that the client subscribed to. */
export class AgentEvents {
  #lastId = 0;

  constructor(
    private readonly listened: ReadonlySet<string>,
    /** For frames that belong to no turn. */
    private readonly sink: FrameSink,
  ) {}

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  has(name: AgentEventName): boolean {
    return this.listened.has(name);
  }

  /**
   * Sends the frame if the client subscribed to its kind. The metadata is always sent, because no client can begin without it.
   * @param sink the fault scope of the turn that the frame belongs to
   */
  send(frame: AgentFrame, sink: FrameSink = this.sink): void {
    if (this.has(frame.type) || frame.type === 'conversation_initiation_metadata')
      sink.send(JSON.stringify(frame), { isAudio: frame.type === 'audio' });
  }
}
