export * from './open-redis';
