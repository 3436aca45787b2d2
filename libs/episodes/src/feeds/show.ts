/** The types of transcripts that podcast apps take. */
export type TranscriptType = 'text/vtt' | 'application/x-subrip';

/** One of Apple's categories, e.g. `Society & Culture` with `Documentary` below it. */
export interface FeedCategory {
  readonly name: string;
  readonly below?: string;
}

/** Addresses here and in episodes are whole, or paths below the base URL of the feed. */
export interface FeedShow {
  readonly title: string;
  readonly description: string;
  /** BCP-47, e.g. `en-GB`. */
  readonly language: string;
  readonly author: string;
  readonly explicit: boolean;
  /** Apple lists only shows with one. */
  readonly categories?: readonly FeedCategory[];
  /** Square, JPEG or PNG. Apple lists only shows with one. */
  readonly image?: string;
  /** The show's page. Default: the base URL. */
  readonly website?: string;
  readonly owner?: { readonly name: string; readonly email: string };
  readonly copyright?: string;
  /** `serial`: to be heard from the first episode on. Default `episodic`. */
  readonly order?: 'episodic' | 'serial';
  /** What identifies the show wherever its feed moves to, a UUID. Default: made of the feed's address, as the podcast namespace says. */
  readonly guid?: string;
}

export interface FeedEpisode {
  /** Identifies the episode for ever; apps show it as new when this changes. */
  readonly guid: string;
  readonly title: string;
  readonly description?: string;
  readonly publishedAt: Date;
  readonly durationMs: number;
  readonly audio: { readonly url: string; readonly bytes: number; /** Default `audio/mpeg`. */ readonly type?: string };
  readonly transcripts?: readonly { readonly url: string; readonly type: TranscriptType; readonly language?: string }[];
  /** Of the chapters file (`chaptersJson`). */
  readonly chapters?: string;
  readonly image?: string;
  readonly website?: string;
  readonly number?: number;
  readonly season?: number;
}
