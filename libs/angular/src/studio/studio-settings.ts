import { InjectionToken } from '@angular/core';
import type { ScriptProblem } from '@parley/protocol';

/** What the page finds out about a script by itself, as it is written. */
export interface CheckedScript {
  /** Mistakes; a script that has any is not rendered. */
  readonly problems: readonly ScriptProblem[];
  readonly title?: string;
  /** In the order in which they first speak. */
  readonly speakers: readonly string[];
  readonly chapters: readonly string[];
  readonly segments: number;
  readonly characters: number;
  readonly durationMs: number;
}

/** What the studio is given by the page that shows it. */
export interface StudioSettings {
  /** Absolute address of the narration socket, `ws:` or `wss:`. */
  readonly socketUrl: string;
  /** Address that `/api` stands for, without a slash at its end. */
  readonly apiUrl: string;
  /** What stands in the editor on the first visit. */
  readonly sampleScript: string;
  /** Checks a script, in which the speakers with these names have a voice. Quick enough for every change of it. */
  readonly check: (script: string, speakers: readonly string[]) => CheckedScript;
}

export const STUDIO_SETTINGS = new InjectionToken<StudioSettings>('STUDIO_SETTINGS');
