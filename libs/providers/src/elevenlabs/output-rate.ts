/** The PCM rates in Hz that every plan of the vendor may request, in ascending order. 44 100 Hz is not among them. */
const OUTPUT_RATES_HZ = [8_000, 16_000, 22_050, 24_000, 32_000, 48_000] as const;

export type OutputRateHz = (typeof OUTPUT_RATES_HZ)[number];

/**
 * Returns the rate to request from the vendor: the wanted one, or the next higher one, from which resampling loses nothing, or the highest.
 */
export function outputRate(wantedHz: number): OutputRateHz {
  return OUTPUT_RATES_HZ.find((rateHz) => rateHz >= wantedHz) ?? 48_000;
}
