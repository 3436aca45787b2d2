import type { EndReason } from '@parley/conversation';
import { type Conversation, type ConversationMemory, EMPTY_MEMORY, type PlaybackReport } from '@parley/engine';

/** An engine that records all calls in their order and does nothing else. */
export class RecordingEngine implements Conversation {
  readonly calls: [name: string, ...args: unknown[]][] = [];
  /** The error that the next call throws, whichever call that is. */
  failure: Error | undefined;
  isInTurn = false;

  pushAudio(pcm: Int16Array): void {
    this.keep('pushAudio', [...pcm]);
  }

  pushText(text: string): void {
    this.keep('pushText', text);
  }

  interrupt(): void {
    this.keep('interrupt');
  }

  reportPlayback(report: PlaybackReport): void {
    this.keep('reportPlayback', report);
  }

  memory(): ConversationMemory {
    return EMPTY_MEMORY;
  }

  end(reason: EndReason): void {
    this.keep('end', reason);
  }

  private keep(name: string, ...args: unknown[]): void {
    this.calls.push([name, ...args]);
    const { failure } = this;
    this.failure = undefined;
    if (failure) throw failure;
  }
}
