declare module 'node-webvtt' {
  export interface ParsedCue {
    identifier: string;
    /** Seconds. */
    start: number;
    end: number;
    text: string;
    styles: string;
  }

  export function parse(
    text: string,
    options?: { strict?: boolean; meta?: boolean },
  ): { valid: boolean; cues: ParsedCue[]; errors: Error[] };
}
