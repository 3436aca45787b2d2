/** The provider behind a port, as shown to users. */
export interface ProviderInfo {
  /** Lower case, e.g. `sarvam`, `openai`, `elevenlabs`. */
  readonly name: string;
  /** True when the adapter talks to the built-in simulator. */
  readonly simulated: boolean;
}
