import { OwnTracks } from './own-tracks';

class FakeTrack {
  stopped = false;
  stop(): void {
    this.stopped = true;
  }
}

const never = (): Promise<void> => new Promise(() => undefined);

describe('tracks of the visitor that are not published yet', () => {
  it('are published, and go on', async () => {
    const track = new FakeTrack();
    const published: FakeTrack[] = [];
    const tracks = new OwnTracks();
    await tracks.publish(
      async () => [track],
      async (one) => published.push(one),
    );
    tracks.close();
    expect([published, track.stopped]).toEqual([[track], false]);
  });

  it('are stopped when the room is left while they are being published', async () => {
    const track = new FakeTrack();
    const tracks = new OwnTracks();
    void tracks.publish(async () => [track], never);
    await Promise.resolve();
    await Promise.resolve();
    expect(track.stopped).toBe(false);
    tracks.close();
    expect(track.stopped).toBe(true);
  });

  it('are stopped when the browser makes them after the room was left', async () => {
    const track = new FakeTrack();
    const tracks = new OwnTracks();
    let allow: (made: FakeTrack[]) => void = () => undefined;
    const publishing = tracks.publish(() => new Promise<FakeTrack[]>((resolve) => (allow = resolve)), never);
    tracks.close();
    allow([track]);
    await expect(publishing).rejects.toThrow('the room was left');
    expect(track.stopped).toBe(true);
  });

  it('are stopped when they cannot be published', async () => {
    const track = new FakeTrack();
    const failing = new OwnTracks().publish(
      async () => [track],
      () => Promise.reject(new Error('no connection')),
    );
    await expect(failing).rejects.toThrow('no connection');
    expect(track.stopped).toBe(true);
  });
});
