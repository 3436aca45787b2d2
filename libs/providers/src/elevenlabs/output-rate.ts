/** PCM rates that every plan may ask for (44 100 Hz is not among them), in Hz, ascending. */
const OUTPUT_RATES_HZ = [8_000, 16_000, 22_050, 24_000, 32_000, 48_000] as const;

export type OutputRateHz = (typeof OUTPUT_RATES_HZ)[number];

/** The rate to ask the vendor for: the wanted one, else the next above it, from which nothing is lost in resampling; else the highest. */
export function outputRate(wantedHz: number): OutputRateHz {
  return OUTPUT_RATES_HZ.find((rateHz) => rateHz >= wantedHz) ?? 48_000;
}
