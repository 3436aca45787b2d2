import { LifecycleEnvironment } from './lifecycle-environment';

/** Who may use the server, and what a client may choose. */
export class AccessEnvironment extends LifecycleEnvironment {}
