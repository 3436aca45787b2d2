import type { ConversationMemory } from '@parley/engine';
import { inTime } from './in-time';

const SAVE_MS = 2_000;
const RETRY_MS = 1_000;

/** Saves what one conversation remembers. Saves one after the other, and only the latest of what has come meanwhile. */
export class MemorySaver {
  private latest: ConversationMemory | undefined;
  private saving: Promise<void> | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private isHeld = false;
  private isStopped = false;

  constructor(private readonly save: (memory: ConversationMemory) => Promise<void>) {}

  note(memory: ConversationMemory): void {
    if (this.isStopped) return;
    this.latest = memory;
    this.next();
  }

  /** While it is held nothing is saved: somebody else may be saving for this room. */
  hold(on: boolean): void {
    this.isHeld = on;
    this.next();
  }

  /** Saves nothing more, whatever is left. */
  stop(): void {
    this.isStopped = true;
    this.latest = undefined;
    clearTimeout(this.retryTimer);
  }

  /** Resolves when everything is saved, or when the store refuses it. Nothing is saved afterwards. */
  async finish(): Promise<void> {
    await this.saving;
    this.next();
    await this.saving;
    this.stop();
  }

  private next(): void {
    if (this.saving || this.isHeld || this.isStopped || !this.latest) return;
    clearTimeout(this.retryTimer);
    const memory = this.latest;
    this.latest = undefined;
    this.saving = inTime(this.save(memory), SAVE_MS).then(
      () => this.saved(),
      () => this.failed(memory),
    );
  }

  private saved(): void {
    this.saving = undefined;
    this.next();
  }

  private failed(memory: ConversationMemory): void {
    this.saving = undefined;
    if (this.isStopped) return;
    this.latest ??= memory;
    this.retryTimer = setTimeout(() => this.next(), RETRY_MS);
  }
}
