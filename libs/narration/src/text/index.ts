export * from './breaks';
export * from './graphemes';
export * from './tags';
