import type { UrlMatchResult, UrlSegment } from '@angular/router';

/** `/rooms` and `/rooms/<room>` are one page, so that one stays in a room while the address changes. */
export function matchRooms(segments: UrlSegment[]): UrlMatchResult | null {
  const [page, room, more] = segments;
  if (page?.path !== 'rooms' || more) return null;
  return { consumed: segments, posParams: room ? { room } : {} };
}
