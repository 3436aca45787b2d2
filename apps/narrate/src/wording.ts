/** "1:02:03" or "4:05". */
export function clock(durationMs: number): string {
  const seconds = Math.round(durationMs / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [first = 0, ...rest] = parts[0] === 0 ? parts.slice(1) : parts;
  return [String(first), ...rest.map((part) => String(part).padStart(2, '0'))].join(':');
}

/** "1 segment", "12 345 segments". */
export function count(amount: number, one: string, several = `${one}s`): string {
  const digits = String(Math.round(amount)).replace(/\B(?=(\d{3})+$)/g, ' ');
  return `${digits} ${Math.round(amount) === 1 ? one : several}`;
}

/** "3.4 MB". */
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
