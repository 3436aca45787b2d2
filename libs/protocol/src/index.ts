export * from './lib/constants';
export * from './lib/client-messages';
export * from './lib/server-messages';
export * from './lib/public-config';
