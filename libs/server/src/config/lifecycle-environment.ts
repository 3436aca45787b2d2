import { LimitEnvironment } from './limit-environment';

/** How the server is started, drained and ended. */
export class LifecycleEnvironment extends LimitEnvironment {}
