import type { ConversationMemory } from '@parley/engine';
import { inTime } from '../shared/in-time';

const SAVE_MS = 2_000;
const RETRY_MS = 1_000;

/** Saves what one conversation remembers. Saves one after the other, and only the latest of what has come meanwhile. */
export class MemorySaver {
  private latest: ConversationMemory | undefined;
  private saving: Promise<void> | undefined;
  private retryTimer: NodeJS.Timeout | undefined;
  private lastSaved: ConversationMemory | undefined;
  private isStopped = false;

  constructor(private readonly save: (memory: ConversationMemory) => Promise<unknown>) {}

  note(memory: ConversationMemory): void {
    if (this.isStopped) return;
    this.latest = memory;
    this.next();
  }

  /** The store has lost what was saved. */
  saveAgain(): void {
    this.latest ??= this.lastSaved;
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
    if (this.saving || this.isStopped || !this.latest) return;
    clearTimeout(this.retryTimer);
    const memory = this.latest;
    this.latest = undefined;
    this.saving = inTime(this.save(memory), SAVE_MS).then(
      () => this.saved(memory),
      () => this.failed(memory),
    );
  }

  private saved(memory: ConversationMemory): void {
    this.lastSaved = memory;
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
