import type { AgentEventName, AgentFrame } from './agent-frames';

/** Where a frame leaves: the socket, or the gate of one piece of work on it. */
export interface FrameSink {
  send(data: string, options?: { isAudio?: boolean }): void;
}

/** The events of one conversation: numbered by one counter, and only those the client listens to. */
export class AgentEvents {
  #lastId = 0;

  constructor(
    private readonly listened: ReadonlySet<string>,
    /** Where frames leave that belong to no turn. */
    private readonly sink: FrameSink,
  ) {}

  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  has(name: AgentEventName): boolean {
    return this.listened.has(name);
  }

  /** Sends the frame, unless the client does not listen to its kind. The metadata is no matter of choice: without it no client can begin. `gate`: of the turn it belongs to. */
  send(frame: AgentFrame, sink: FrameSink = this.sink): void {
    if (this.has(frame.type) || frame.type === 'conversation_initiation_metadata')
      sink.send(JSON.stringify(frame), { isAudio: frame.type === 'audio' });
  }
}
