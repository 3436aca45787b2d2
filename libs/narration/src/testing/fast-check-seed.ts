import fc from 'fast-check';

/** A fixed seed, so that every run of the property tests tries the same cases. */
fc.configureGlobal({ seed: 20_261_130 });
