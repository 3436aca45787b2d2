import type { LocalTrack } from 'livekit-client';

/**
 * The visitor's tracks from when the browser has made them until they are published. The media client stops only published ones when a room is
 * left, so that a microphone that was allowed at that moment would stay live.
 */
export class OwnTracks {
  private readonly unpublished = new Set<Pick<LocalTrack, 'stop'>>();
  private closed = false;

  /** Publishes what `create` resolves with. Rejects, with everything stopped, if that fails or these tracks are closed. */
  async publish<T extends Pick<LocalTrack, 'stop'>>(create: () => Promise<T[]>, publish: (track: T) => Promise<unknown>): Promise<void> {
    const tracks = await create();
    for (const track of tracks) this.unpublished.add(track);
    try {
      if (this.closed) throw new Error('the room was left');
      await Promise.all(tracks.map(publish));
    } catch (error) {
      for (const track of tracks) track.stop();
      throw error;
    } finally {
      for (const track of tracks) this.unpublished.delete(track);
    }
  }

  /** Stops what is not published, also what the browser makes from now on. */
  close(): void {
    this.closed = true;
    for (const track of this.unpublished) track.stop();
  }
}
