export * from './apply-pronunciations';
export * from './check-pronunciations';
export * from './original-alignment';
export * from './pronunciation';
export type { SpokenStretch, SpokenText } from './spoken-text';
