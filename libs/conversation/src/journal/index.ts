/** Sessions written down, and held against the engine again. */
export * from './decode-journal';
export * from './encode-journal';
export * from './journal';
export * from './journal-hints';
export { policyFrom } from './journal-policy';
export * from './replay-journal';
