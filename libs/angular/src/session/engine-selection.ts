import { Injectable, computed, inject, signal } from '@angular/core';
import type { EngineName } from '@parley/protocol';
import { ServerConfig } from '../server/server-config';
import { rememberEngine, rememberedEngine } from './engine-memory';

/** Which engine holds the conversation: the running one's own, or the one that was chosen for the next. */
@Injectable()
export class EngineSelection {
  private readonly server = inject(ServerConfig);
  private readonly wanted = signal(rememberedEngine() ?? 'pipeline');
  private readonly running = signal<EngineName | undefined>(undefined);
  /** What the server offers. */
  readonly offered = computed((): readonly EngineName[] => this.server.config()?.engines ?? ['pipeline']);
  /** Who holds the conversation, or will hold the next one. */
  readonly current = computed((): EngineName => {
    const running = this.running();
    if (running) return running;
    const offered = this.offered();
    return offered.includes(this.wanted()) ? this.wanted() : (offered[0] ?? 'pipeline');
  });

  /** Chooses who holds the next conversation; remembered for the visit. The running one keeps its own. */
  choose(engine: EngineName): void {
    this.wanted.set(engine);
    rememberEngine(engine);
  }

  /** A conversation begins: it keeps the engine that is current now, which is given back. */
  hold(): EngineName {
    const engine = this.current();
    this.running.set(engine);
    return engine;
  }

  /** The conversation is over. */
  release(): void {
    this.running.set(undefined);
  }
}
