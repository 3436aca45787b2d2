import fc from 'fast-check';

/** Every run of the property tests tries the same cases. */
fc.configureGlobal({ seed: 20_261_120 });
