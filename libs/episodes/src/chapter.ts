/** A chapter of an episode; it lasts until the next begins. */
export interface Chapter {
  readonly title: string;
  readonly startMs: number;
}
