/**
 * Brings a device into the state that is wanted, with one request at a time: devices that are switched faster than they follow end up as they
 * were asked last.
 */
export class DeviceSwitch {
  private wanted: boolean;
  private running: Promise<void> | undefined;

  /** `isOn` tells how the device is now. `apply` may reject, and may leave the device as it is. */
  constructor(
    private readonly isOn: () => boolean,
    private readonly apply: (on: boolean) => Promise<void>,
  ) {
    this.wanted = isOn();
  }

  /** Resolves when the device was switched as it was asked last, and rejects with what kept it from that. */
  set(on: boolean): Promise<void> {
    this.wanted = on;
    this.running ??= this.run().finally(() => (this.running = undefined));
    return this.running;
  }

  private async run(): Promise<void> {
    while (this.isOn() !== this.wanted) {
      const on = this.wanted;
      await this.apply(on);
      if (this.isOn() !== on && this.wanted === on) return;
    }
  }
}
