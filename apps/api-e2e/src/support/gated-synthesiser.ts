import { ToneSynthesiser } from '@parley/simulator';

/** Speaks tones, and nothing while its gate is closed. */
export class GatedSynthesiser extends ToneSynthesiser {
  private gate: Promise<void> | undefined;
  private release: () => void = () => undefined;

  closeGate(): void {
    this.gate ??= new Promise((resolve) => (this.release = resolve));
  }

  openGate(): void {
    this.gate = undefined;
    this.release();
  }

  override async speak(...args: Parameters<ToneSynthesiser['speak']>): ReturnType<ToneSynthesiser['speak']> {
    await this.gate;
    return await super.speak(...args);
  }
}
