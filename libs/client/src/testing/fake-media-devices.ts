/** A microphone track. `unplug` ends it as if the cable was pulled. */
export class FakeTrack {
  onended: (() => void) | null = null;
  stopped = false;

  constructor(readonly deviceId: string) {}

  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId };
  }

  stop(): void {
    this.stopped = true;
  }

  unplug(): void {
    this.onended?.();
  }
}

/** A stream of one track. */
export class FakeStream {
  constructor(readonly track: FakeTrack) {}

  getTracks(): FakeTrack[] {
    return [this.track];
  }

  getAudioTracks(): FakeTrack[] {
    return [this.track];
  }
}

/** Microphones to plug and unplug. `answer` decides what happens to the next requests. */
export class FakeMediaDevices extends EventTarget {
  readonly asked: MediaStreamConstraints[] = [];
  readonly tracks: FakeTrack[] = [];
  devices: { kind: string; deviceId: string; label: string }[] = [
    { kind: 'audioinput', deviceId: 'built-in', label: 'Built-in microphone' },
    { kind: 'audiooutput', deviceId: 'speaker', label: 'Speaker' },
    { kind: 'audioinput', deviceId: 'headset', label: 'Headset' },
  ];
  /** Decides about a request: it is rejected with the returned error, or granted if that is undefined. */
  answer: (constraints: MediaTrackConstraints) => DOMException | undefined = () => undefined;
  /** Requests wait for this promise, like a question that the visitor has not answered yet. */
  prompt: Promise<void> = Promise.resolve();

  async getUserMedia(constraints: { audio: MediaTrackConstraints }): Promise<FakeStream> {
    this.asked.push(constraints);
    await this.prompt;
    const refusal = this.answer(constraints.audio);
    if (refusal) throw refusal;
    const wanted = constraints.audio.deviceId;
    const exact = typeof wanted === 'object' && 'exact' in wanted ? String(wanted.exact) : 'built-in';
    const track = new FakeTrack(exact);
    this.tracks.push(track);
    return new FakeStream(track);
  }

  async enumerateDevices(): Promise<{ kind: string; deviceId: string; label: string }[]> {
    return this.devices;
  }
}
